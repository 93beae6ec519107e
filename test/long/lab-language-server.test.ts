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

  /** Returns a word in a cell. */
  const word = (cell: number, text: string) =>
    notebook
      .cell(cell)
      .locator(".cm-line")
      .getByText(text, { exact: true })
      .first();

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
    await notebook.page.keyboard.down("Control");
    await word(3, "learningRate").hover();
    const tooltip = notebook.page.locator(".lsp-hover, .lsp-tooltip").first();
    await tooltip.waitFor();
    await notebook.page.keyboard.up("Control");
    const text = await tooltip.innerText();
    assert.match(text, /const learningRate: 0\.5/);
    assert.match(text, /How fast the model learns\./);
    await notebook.page.keyboard.press("Escape");
  });

  test("goes to the definition in another cell", async () => {
    await place(3, 0, 3);
    await notebook.page.keyboard.press("Control+b");
    await notebook.panel
      .locator(".jp-Notebook-cell.jp-mod-active")
      .filter({ hasText: "How fast" })
      .waitFor();
  });

  test("renames in all cells", async () => {
    await place(3, 0, 3);
    await notebook.page.keyboard.press("F2");
    const dialog = notebook.page.locator(".jp-Dialog");
    const input = dialog.locator("input");
    await input.fill("speed");
    await notebook.page.keyboard.press("Enter");
    await dialog.waitFor({ state: "detached" });
    await word(3, "speed").waitFor();
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
