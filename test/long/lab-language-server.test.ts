/**
 * Tests the language server in JupyterLab with jupyterlab-lsp, in a browser: errors before a cell
 * runs, hover, definition, references and rename across cells, and completion.
 *
 * jupyterlab-lsp is installed from PyPI into a temporary folder. Takes a minute on two quiet cores.
 */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { after, before, describe, test } from "node:test";
import { Lab, noLab } from "../jupyterlab/lab";
import type { LabNotebook } from "../jupyterlab/lab-notebook";
import { python } from "../lessons/notebook-file";

const EXTENSION = "jupyterlab-lsp==5.3.0";

/** Settings of the page that turn the language server on, as docs/kernel.md says. */
const SETTINGS = {
  "@jupyterlab/lsp-extension/plugin.jupyterlab-settings": { activate: "on" },
};

/** Installs the front end for the tests' JupyterLab. Setup has described the server to it. */
function prepare(folder: string): void {
  const packages = path.join(folder, "packages");
  const { status, stderr } = spawnSync(
    python,
    ["-m", "pip", "install", "--no-deps", "--target", packages, EXTENSION],
    { encoding: "utf8" },
  );
  assert.equal(status, 0, stderr);
  const extensions = ["share", "jupyter", "labextensions"];
  cpSync(
    path.join(packages, ...extensions),
    path.join(folder, "data", "labextensions"),
    { recursive: true },
  );
  for (const [file, content] of Object.entries(SETTINGS)) {
    const settings = path.join(folder, "settings", file);
    mkdirSync(path.dirname(settings), { recursive: true });
    writeFileSync(settings, JSON.stringify(content));
  }
}

const CELLS = [
  "/** How fast the model learns. */\nconst learningRate = 0.5;",
  "const steps = [1, 2, 3].map((each) => each * learningRate);",
  "steps.lenght;\nlearningRat;",
  "learningRate.toFixed(1);",
];

describe("JupyterLab with jupyterlab-lsp", { skip: noLab }, () => {
  let lab: Lab;
  let notebook: LabNotebook;
  before(async () => {
    lab = await Lab.start(prepare);
    notebook = await lab.open("language-server", CELLS);
  });
  after(async () => {
    await notebook?.takeScreenshot();
    await notebook?.close();
    await lab?.close();
  });

  /** Moves the pointer to a word in a cell. */
  async function pointAt(cell: number, text: string) {
    const content = notebook.cell(cell).locator(".cm-content");
    const { x, y } = await content.evaluate(middleOf, text);
    await notebook.page.mouse.move(x - 5, y);
    await notebook.page.mouse.move(x, y, { steps: 3 });
    return { x, y };
  }

  /** Chooses an entry of the menu of a word in a cell. */
  async function choose(cell: number, text: string, entry: string) {
    const { x, y } = await pointAt(cell, text);
    await notebook.page.mouse.click(x, y, { button: "right" });
    await notebook.page
      .locator(".lm-Menu-itemLabel")
      .getByText(entry, { exact: true })
      .click();
  }

  /** Waits until a cell has this text. */
  async function reads(cell: number, text: string): Promise<void> {
    await notebook
      .cell(cell)
      .locator(".cm-content")
      .filter({ hasText: text })
      .waitFor();
  }

  /** Places the cursor in a line of a cell. */
  async function place(cell: number, line: number, column: number) {
    await notebook.cell(cell).locator(".cm-line").nth(line).click();
    await notebook.page.keyboard.press("Home");
    for (let step = 0; step < column; step += 1) {
      await notebook.page.keyboard.press("ArrowRight");
    }
  }

  test("underlines misspelt names before the cell runs", async () => {
    const marks = notebook.cell(2).locator(".cm-lintRange-error");
    await marks.nth(1).waitFor();
    assert.deepEqual(await marks.allInnerTexts(), ["lenght", "learningRat"]);
    for (const cell of [0, 1, 3]) {
      const other = notebook.cell(cell).locator(".cm-lintRange-error");
      assert.equal(await other.count(), 0);
    }
    const prompt = notebook.cell(2).locator(".jp-InputPrompt");
    assert.match(await prompt.innerText(), /\[ \]:/);
  });

  test("shows the type and the documentation under the pointer", async () => {
    const { keyboard } = notebook.page;
    const tooltip = notebook.page
      .locator(".jp-Tooltip, .lsp-tooltip")
      .filter({ hasText: "const learningRate: 0.5" })
      .first();
    // A page that is still being laid out may lose a movement.
    for (let attempt = 1; ; attempt += 1) {
      await keyboard.down("Control");
      await pointAt(3, "learningRate");
      const isShown = await tooltip
        .waitFor({ timeout: 20_000 })
        .then(() => true)
        .catch(() => false);
      await keyboard.up("Control");
      if (isShown) break;
      assert.ok(attempt < 3, "no tooltip");
      await pointAt(2, "learningRat");
    }
    assert.match(await tooltip.innerText(), /How fast the model learns\./);
    await notebook.takeScreenshot();
    await keyboard.press("Escape");
  });

  test("goes to the definition in another cell", async () => {
    await place(3, 0, 3);
    await notebook.page.keyboard.press("Control+b");
    await notebook.panel
      .locator(".jp-Notebook-cell.jp-mod-active")
      .filter({ hasText: "How fast" })
      .waitFor();
  });

  test("lists the references in all cells", async () => {
    await choose(0, "learningRate", "Jump to references");
    const dialog = notebook.page.locator(".jp-Dialog");
    await dialog.locator("option").nth(1).waitFor({ state: "attached" });
    // One in each of the cells 1 and 3, without the declaration.
    assert.equal(await dialog.locator("option").count(), 2);
    await notebook.page.keyboard.press("Escape");
    await dialog.waitFor({ state: "detached" });
  });

  test("renames in all cells", async () => {
    // The shortcut F2 of version 5.3.0 names a command that does not exist.
    await choose(3, "learningRate", "Rename symbol");
    const dialog = notebook.page.locator(".jp-Dialog");
    const input = dialog.locator("input");
    await input.fill("speed");
    await notebook.page.keyboard.press("Enter");
    await dialog.waitFor({ state: "detached" });
    await reads(3, "speed.toFixed");
    const texts = await Promise.all(
      [0, 1, 3].map((cell) =>
        notebook.cell(cell).locator(".cm-content").innerText(),
      ),
    );
    assert.deepEqual(texts, [
      "/** How fast the model learns. */\nconst speed = 0.5;",
      "const steps = [1, 2, 3].map((each) => each * speed);",
      "speed.toFixed(1);",
    ]);
  });
});

/** What the page's own functions use of its globals. */
interface PageGlobals {
  readonly document: {
    createTreeWalker(root: unknown, show: 4): { nextNode(): PageText | null };
    createRange(): {
      setStart(node: PageText, offset: number): void;
      setEnd(node: PageText, offset: number): void;
      getBoundingClientRect(): Record<
        "left" | "width" | "top" | "height",
        number
      >;
    };
  };
}

interface PageText {
  readonly textContent: string;
}

/** Runs in the page: returns the middle of a text in an editor. */
function middleOf(content: unknown, text: string): { x: number; y: number } {
  const { document } = globalThis as unknown as PageGlobals;
  // 4 stands for texts.
  const nodes = document.createTreeWalker(content, 4);
  for (let node = nodes.nextNode(); node; node = nodes.nextNode()) {
    const start = node.textContent.indexOf(text);
    if (start < 0) continue;
    const range = document.createRange();
    range.setStart(node, start);
    range.setEnd(node, start + text.length);
    const { left, width, top, height } = range.getBoundingClientRect();
    return { x: left + width / 2, y: top + height / 2 };
  }
  throw new Error(`There is no ${text}.`);
}
