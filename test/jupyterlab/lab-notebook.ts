/**
 * A notebook in the tests' JupyterLab, operated through the page.
 */
import { mkdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { Locator, Page } from "playwright-core";
import { root } from "../lessons/notebook-file";
import { shutDownInPage } from "./exposed-app";

/** Folder for the screenshots of finished tests. */
const SCREENSHOTS = path.join(root, "out", "jupyterlab");

/** The part of a saved notebook that the tests read. */
interface SavedNotebook {
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

  /** Returns the outputs of a cell. */
  outputs(index: number): Locator {
    return this.cell(index).locator(".jp-OutputArea-output");
  }

  /** Waits until one of a cell's outputs contains this text. */
  async says(index: number, text: string | RegExp): Promise<void> {
    await this.outputs(index).filter({ hasText: text }).first().waitFor();
  }

  /** Waits until a cell has this execution count, or "*" while it is queued or runs. */
  async counts(index: number, count: number | "*"): Promise<void> {
    await this.cell(index)
      .locator(".jp-InputPrompt", { hasText: `[${count}]:` })
      .waitFor();
  }

  /** Waits until the kernel's indicator shows that the kernel is idle. */
  async idle(): Promise<void> {
    await this.indicator("idle").waitFor();
  }

  /** Returns the kernel's indicator with this status. */
  indicator(status: "idle" | "busy"): Locator {
    return this.panel.locator(
      `.jp-Notebook-ExecutionIndicator[data-status="${status}"]`,
    );
  }

  /** Moves the cursor to the end of a cell's first line and types. */
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
   * Runs a cell by the keyboard, without waiting for its end.
   *
   * A page that is still being laid out may lose a key. A cell whose prompt has not changed was not
   * sent, and is started again.
   */
  async start(index: number): Promise<void> {
    const prompt = this.cell(index).locator(".jp-InputPrompt");
    const before = await prompt.innerText();
    for (let attempt = 1; ; attempt += 1) {
      await this.select(index);
      await this.page.keyboard.press("Control+Enter");
      // After 20 seconds, the key was lost.
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

  /** Chooses a menu entry. */
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

  /** Saves by the keyboard, and returns the file's content. */
  async save(): Promise<SavedNotebook> {
    await this.page.keyboard.press("Control+s");
    await this.page
      .locator(
        "#jp-main-dock-panel .lm-TabBar-tab.lm-mod-current:not(.jp-mod-dirty)",
      )
      .waitFor();
    return JSON.parse(readFileSync(this.file, "utf8")) as SavedNotebook;
  }

  /**
   * Saves a screenshot of the page; a failure to do so does not fail the test.
   *
   * @param moment What the screenshot shows, in the name of its file; the end of the test by
   *   default.
   */
  async takeScreenshot(moment?: string): Promise<void> {
    mkdirSync(SCREENSHOTS, { recursive: true });
    const { name } = path.parse(this.file);
    const screenshot = path.join(
      SCREENSHOTS,
      `${moment === undefined ? name : `${name}-${moment}`}.png`,
    );
    await this.page
      .screenshot({ path: screenshot, timeout: 10_000 })
      .catch(() => undefined);
  }

  /** Ends the kernel and closes the page without saving. */
  async close(): Promise<void> {
    await this.page.evaluate(shutDownInPage, path.basename(this.file));
    await this.page.close();
  }
}
