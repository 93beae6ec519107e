/**
 * A notebook in the tests' JupyterLab: what a reader does in it and sees of it.
 */
import { mkdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { Locator, Page } from "playwright-core";
import { root } from "../lessons/notebook-file";
import { shutDownInPage } from "./exposed-app";

/** Where the pictures of the finished tests are put. */
const PICTURES = path.join(root, "out", "jupyterlab");

/** A saved notebook, as far as the tests look into it. */
export interface SavedNotebook {
  readonly cells: readonly {
    readonly execution_count: number | null;
    readonly outputs: readonly {
      readonly output_type: string;
      readonly text?: string | readonly string[];
      readonly data?: Readonly<Record<string, unknown>>;
    }[];
  }[];
}

/** A notebook in the page. Cells are counted from 0. */
export class LabNotebook {
  readonly page: Page;
  readonly file: string;

  constructor(page: Page, file: string) {
    this.page = page;
    this.file = file;
  }

  /** The notebook's part of the page. */
  get panel(): Locator {
    return this.page.locator(".jp-NotebookPanel:not(.lm-mod-hidden)");
  }

  cell(index: number): Locator {
    return this.panel.locator(".jp-Notebook-cell").nth(index);
  }

  /** What a cell shows below its code. */
  outputs(index: number): Locator {
    return this.cell(index).locator(".jp-OutputArea-output");
  }

  /** Waits until one of a cell's outputs says this. */
  async says(index: number, text: string | RegExp): Promise<void> {
    await this.outputs(index).filter({ hasText: text }).first().waitFor();
  }

  /** Waits until a cell has this execution count, or "*" while it waits or runs. */
  async counts(index: number, count: number | "*"): Promise<void> {
    await this.cell(index)
      .locator(".jp-InputPrompt", { hasText: `[${count}]:` })
      .waitFor();
  }

  /** Waits until the kernel's indicator says that nothing runs. */
  async idle(): Promise<void> {
    await this.indicator("idle").waitFor();
  }

  /** The kernel's indicator, where it shows this status. */
  indicator(status: "idle" | "busy"): Locator {
    return this.panel.locator(
      `.jp-Notebook-ExecutionIndicator[data-status="${status}"]`,
    );
  }

  /** Puts the cursor at the end of a cell's first line, and types. */
  async type(index: number, text = ""): Promise<void> {
    await this.cell(index).locator(".cm-line").first().click();
    await this.page.keyboard.press("End");
    await this.page.keyboard.type(text);
  }

  /** Selects a cell in command mode. */
  async select(index: number): Promise<void> {
    await this.cell(index).locator(".jp-InputPrompt").click();
    await this.page.keyboard.press("Escape");
  }

  /**
   * Runs a cell by the keyboard, without waiting for its end. A page that is still being laid out may lose a key: a cell whose
   * prompt has not changed was never sent, and is started again.
   */
  async start(index: number): Promise<void> {
    const prompt = this.cell(index).locator(".jp-InputPrompt");
    const before = await prompt.innerText();
    for (let attempt = 1; ; attempt += 1) {
      await this.select(index);
      await this.page.keyboard.press("Control+Enter");
      for (let wait = 0; wait < 400; wait += 1) {
        if ((await prompt.innerText()) !== before) return;
        await sleep(50);
      }
      if (attempt === 3) throw new Error(`Cell ${index} did not start.`);
    }
  }

  /** Runs a cell and waits until it has this execution count. */
  async run(index: number, count: number): Promise<void> {
    await this.start(index);
    await this.counts(index, count);
  }

  /** Chooses from the menu. */
  async choose(menu: string, entry: string): Promise<void> {
    await this.page
      .locator(".lm-MenuBar-item")
      .getByText(menu, { exact: true })
      .click();
    await this.page
      .locator(".lm-Menu-itemLabel")
      .getByText(entry, { exact: true })
      .click();
  }

  /** Saves by the keyboard, and gives what the file holds then. */
  async save(): Promise<SavedNotebook> {
    await this.page.keyboard.press("Control+s");
    await this.page
      .locator(
        "#jp-main-dock-panel .lm-TabBar-tab.lm-mod-current:not(.jp-mod-dirty)",
      )
      .waitFor();
    return JSON.parse(readFileSync(this.file, "utf8")) as SavedNotebook;
  }

  /** Keeps a picture of the page; a page that can give none is no reason to fail. */
  async takePicture(): Promise<void> {
    mkdirSync(PICTURES, { recursive: true });
    const picture = path.join(PICTURES, `${path.parse(this.file).name}.png`);
    await this.page
      .screenshot({ path: picture, timeout: 10_000 })
      .catch(() => undefined);
  }

  /** Ends the kernel and closes the page, the notebook saved or not. */
  async close(): Promise<void> {
    await this.page.evaluate(shutDownInPage, path.basename(this.file));
    await this.page.close();
  }
}
