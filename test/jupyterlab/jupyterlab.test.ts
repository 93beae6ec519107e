/**
 * Tests the kernel in JupyterLab, in a browser.
 */
import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import path from "node:path";
import { describeInLab } from "./notebook-tests";

describeInLab("JupyterLab", (inNotebook) => {
  inNotebook(
    "runs all cells, shows what they print and saves it",
    [
      'import { table, tf } from "convnotes";',
      'console.log("first line");\nconsole.log({ answer: 42 });',
      "const total = tf.tensor1d([1, 2, 3]).sum().dataSync()[0];\ntotal",
      'table(["layer", "weights"], [["dense", 7]])',
    ],
    async (notebook) => {
      await notebook.choose("Run", "Run All Cells");
      await notebook.says(3, "dense");
      for (const index of [0, 1, 2, 3]) await notebook.counts(index, index + 1);
      await notebook.idle();
      assert.match(
        await notebook.outputs(1).innerText(),
        /^first line\n\{ answer: 42 \}\s*$/,
      );
      assert.equal((await notebook.outputs(2).innerText()).trim(), "6");
      assert.deepEqual(
        await notebook.outputs(3).locator("tr").allInnerTexts(),
        ["layer\tweights", "dense\t7"],
      );
      const { cells } = await notebook.save();
      assert.deepEqual(
        cells.map((cell) => [
          cell.execution_count,
          ...cell.outputs.map((output) => output.output_type),
        ]),
        [[1], [2, "stream"], [3, "execute_result"], [4, "execute_result"]],
      );
      assert.deepEqual(cells[2]?.outputs[0]?.data, { "text/plain": ["6"] });
    },
  );

  inNotebook(
    "interrupts a loop and a wait, and keeps the variables",
    [
      "const kept = [1, 2, 3];",
      'console.log("looping");\nwhile (true) {}',
      'console.log("waiting");\nawait new Promise(() => {});',
      "kept.length",
    ],
    async (notebook) => {
      await notebook.run(0, 1);
      await notebook.start(1);
      await notebook.says(1, "looping");
      await notebook.indicator("busy").waitFor();
      await notebook.panel
        .getByRole("button", { name: "Interrupt the kernel" })
        .click();
      await notebook.says(1, /Interrupt/);
      await notebook.counts(1, 2);

      await notebook.start(2);
      await notebook.says(2, "waiting");
      await notebook.select(2);
      await notebook.page.keyboard.press("i");
      await notebook.page.keyboard.press("i");
      await notebook.says(2, /Interrupt/);
      await notebook.counts(2, 3);

      await notebook.run(3, 4);
      await notebook.says(3, /^3$/);
      await notebook.idle();
    },
  );

  inNotebook(
    "restarts the kernel: variables are gone, and execution counts start again",
    ["const gone = 1;\ngone", "gone + 1"],
    async (notebook) => {
      await notebook.run(0, 1);
      await notebook.run(1, 2);
      await notebook.select(1);
      await notebook.page.keyboard.press("0");
      await notebook.page.keyboard.press("0");
      const dialog = notebook.page.locator(".jp-Dialog");
      await dialog.getByText("Restart Kernel?").waitFor();
      await dialog.locator("button.jp-mod-accept").click();
      await dialog.waitFor({ state: "detached" });
      await notebook.idle();
      await notebook.start(1);
      await notebook.says(1, "Cannot find name 'gone'");
      await notebook.counts(1, 1);
      await notebook.run(0, 2);
      await notebook.run(1, 3);
      await notebook.says(1, /^2$/);
    },
  );

  inNotebook(
    "completes by Tab, also while a cell runs",
    [
      'const epochCount = 12;\nconst epochNames = ["a"];\nfunction epochTotal(): number { return 1; }',
      "epo",
      '"text".toUpper',
      'import { answer } from "./hel',
      "while (true) {}",
      "epochNames.unsh",
    ],
    async (notebook, lab) => {
      writeFileSync(
        path.join(lab.folder, "helper.ts"),
        "export const answer = 42;\n",
      );
      writeFileSync(path.join(lab.folder, "hello.ts"), "export {};\n");
      const { page } = notebook;
      const completer = page.locator(".jp-Completer:not(.lm-mod-hidden)");
      const items = completer.locator(".jp-Completer-item");
      const shown = async () =>
        (await items.locator(".jp-Completer-match").allInnerTexts()).sort();
      await notebook.run(0, 1);

      await notebook.type(1);
      await page.keyboard.press("Tab");
      await items.first().waitFor();
      const names = ["epochCount", "epochNames", "epochTotal"];
      assert.deepEqual(
        (await shown()).filter((name) => name.startsWith("epoch")),
        names,
      );
      const kinds = await items.evaluateAll((elements) =>
        elements.map((element) => element.textContent),
      );
      assert.ok(
        kinds.some((kind) => /epochTotal.*function/.test(kind ?? "")),
        String(kinds),
      );
      await page.keyboard.type("chT");
      await items.first().waitFor();
      await page.keyboard.press("Enter");
      await notebook.cell(1).getByText("epochTotal", { exact: true }).waitFor();

      await notebook.type(2);
      await page.keyboard.press("Tab");
      await items.filter({ hasText: "toUpperCase" }).waitFor();
      await page.keyboard.press("Enter");
      await notebook.cell(2).getByText('"text".toUpperCase').waitFor();

      await notebook.type(3);
      await page.keyboard.press("Tab");
      await items.first().waitFor();
      await page.keyboard.type("p");
      await page.keyboard.press("Enter");
      await notebook
        .cell(3)
        .getByText('import { answer } from "./helper')
        .waitFor();

      await notebook.start(4);
      await notebook.counts(4, "*");
      await notebook.type(5);
      await page.keyboard.press("Tab");
      await items.filter({ hasText: "unshift" }).waitFor();
      await page.keyboard.press("Enter");
      await notebook.cell(5).getByText("epochNames.unshift").waitFor();
      await notebook.counts(4, "*");
      await notebook.panel
        .getByRole("button", { name: "Interrupt the kernel" })
        .click();
      await notebook.says(4, /Interrupt/);
    },
  );

  inNotebook(
    "explains a name by Shift+Tab",
    [
      "/** Adds a bias to each of the values. */\nfunction biased(values: number[], bias = 1): number[] {\n  return values.map((value) => value + bias);\n}",
      "biased",
    ],
    async (notebook) => {
      await notebook.run(0, 1);
      await notebook.type(1);
      await notebook.page.keyboard.press("Shift+Tab");
      const tooltip = notebook.page.locator(".jp-Tooltip");
      await tooltip
        .filter({ hasText: "Adds a bias to each of the values." })
        .waitFor();
      assert.match(
        await tooltip.innerText(),
        /function biased\(values: number\[\], bias\?: number\): number\[\]/,
      );
    },
  );

  inNotebook(
    "shows a type error before anything runs",
    [
      'console.log("has run");\nconst width: number = "wide";\nconsole.log(width);',
    ],
    async (notebook) => {
      await notebook.run(0, 1);
      await notebook.says(0, "TS2322");
      const text = await notebook.outputs(0).innerText();
      assert.match(text, /Type 'string' is not assignable to type 'number'/);
      assert.match(text, /const width: number = "wide";\s*\n[^\n]*\^/);
      assert.ok(!text.includes("has run\n"), text);
      assert.equal(await notebook.outputs(0).count(), 1);
    },
  );

  inNotebook(
    "draws a figure",
    [
      'import { figure } from "convnotes";\nfigure([{ type: "scatter", name: "loss", x: [1, 2, 3], y: [0.9, 0.5, 0.4] }], { title: { text: "Learning" } }, { dataset: null })',
    ],
    async (notebook) => {
      await notebook.run(0, 1);
      const drawing = notebook.outputs(0).locator("svg.main-svg").first();
      await drawing.waitFor();
      await notebook
        .outputs(0)
        .locator(".gtitle", { hasText: "Learning" })
        .waitFor();
      assert.ok(((await drawing.boundingBox())?.width ?? 0) > 400);
    },
  );

  inNotebook(
    "a slider drives a tensor",
    [
      'import { display, slider, tf } from "convnotes";\nconst base = tf.tensor1d([1, 2, 3]);\nlet scaled = base;',
      'const shown = display({ "text/plain": "nothing moved yet" });',
      'const width = slider({ max: 10, value: 1, label: "n" }).onChange(({ value }) => {\n  scaled = tf.mul(base, value);\n  shown.update({ "text/plain": `scaled: ${scaled.dataSync().join(", ")}` });\n  console.log(`moved to ${value}`);\n});\nwidth',
      "[width.state.value, ...scaled.dataSync()]",
      "width.set({ value: 7 });",
    ],
    async (notebook) => {
      const { page } = notebook;
      await notebook.choose("Run", "Run All Cells");
      await notebook.counts(3, 4);
      await notebook.says(3, "[ 1, 1, 2, 3 ]");
      await notebook.counts(4, 5);
      const input = notebook.outputs(2).locator("input[type=range]");
      const number = notebook.outputs(2).locator("output");
      await number.filter({ hasText: /^7$/ }).waitFor();
      assert.deepEqual(
        await input.evaluate((element) => {
          const { min, max, step, value } = element as unknown as Record<
            string,
            string
          >;
          return { min, max, step, value };
        }),
        { min: "0", max: "10", step: "1", value: "7" },
      );

      await input.focus();
      await page.keyboard.press("ArrowRight");
      await notebook.says(1, /^scaled: 8, 16, 24$/);
      await number.filter({ hasText: /^8$/ }).waitFor();
      await page.keyboard.press("ArrowLeft");
      await notebook.says(1, /^scaled: 7, 14, 21$/);
      await page.keyboard.press("ArrowLeft");
      await notebook.says(1, /^scaled: 6, 12, 18$/);
      await notebook.says(2, /moved to 8\nmoved to 7\nmoved to 6/);

      assert.equal(
        await notebook.outputs(1).count(),
        1,
        "the listener's display replaces the first one",
      );
      assert.ok(
        ((await input.boundingBox())?.width ?? 0) > 200,
        "the widget's style is in the page",
      );

      await notebook.run(3, 6);
      await notebook.says(3, "[ 6, 6, 12, 18 ]");
      await notebook.idle();
    },
  );

  inNotebook(
    "a slider works after the page was reloaded",
    [
      'import { slider } from "convnotes";\nconst width = slider({ label: "n" });\nwidth',
      "width.state.value",
    ],
    async (notebook) => {
      const { page } = notebook;
      const input = notebook.outputs(0).locator("input[type=range]");
      await notebook.run(0, 1);
      await input.focus();
      await page.keyboard.press("ArrowRight");
      await notebook.run(1, 2);
      await notebook.says(1, /^1$/);
      await notebook.idle();
      await notebook.save();

      await page.reload();
      await notebook.outputs(0).locator("output", { hasText: /^1$/ }).waitFor();
      // Sets the value without keys, because JupyterLab moves the focus when it is ready.
      await input.fill("2");
      await notebook.run(1, 3);
      await notebook.says(1, /^2$/);
    },
  );

  inNotebook(
    "asks for a line and for a password",
    [
      'const name = prompt("Name?");\n`Hello ${name}`',
      'const token = prompt("Token", { password: true });\ntoken?.length',
    ],
    async (notebook) => {
      const { page } = notebook;
      await notebook.start(0);
      const line = notebook.cell(0).locator("input.jp-Stdin-input");
      await line.waitFor();
      await notebook
        .cell(0)
        .locator(".jp-Stdin-prompt", { hasText: "Name?" })
        .waitFor();
      await line.fill("Grace");
      await page.keyboard.press("Enter");
      await notebook.says(0, "'Hello Grace'");
      await notebook.counts(0, 1);

      await notebook.start(1);
      const hidden = notebook.cell(1).locator("input.jp-Stdin-input");
      await hidden.waitFor();
      assert.equal(await hidden.getAttribute("type"), "password");
      await hidden.fill("secret");
      await page.keyboard.press("Enter");
      await notebook.says(1, /^6$/);
      assert.ok(!(await notebook.cell(1).innerText()).includes("secret"));
    },
  );

  inNotebook(
    "shows images, tables and thousands of lines, and clears them",
    [
      'import { tf } from "convnotes";\ntf.fill([24, 24, 3], 200, "int32")',
      'class Frame {\n  ndim = 2;\n  dtypes = [];\n  columns = ["width", "name"];\n  index = [0, 1];\n  values = [[5.1, "a"], [4.9, "<b>"]];\n}\nnew Frame()',
      "for (let line = 0; line < 20_000; line += 1) console.log(`line ${line}`);",
      'console.log("taken away");\nconst host = Reflect.get(globalThis, Symbol.for("convnotes.notebook"));\nhost.clear(true);\nconsole.log("left standing");',
    ],
    async (notebook) => {
      await notebook.choose("Run", "Run All Cells");
      await notebook.counts(3, 4);
      await notebook.idle();
      const image = notebook.outputs(0).locator("img");
      await image.waitFor();
      assert.ok(((await image.boundingBox())?.width ?? 0) > 0);
      assert.deepEqual(
        await notebook.outputs(1).locator("tr").allInnerTexts(),
        ["\twidth\tname", "0\t5.1\ta", "1\t4.9\t<b>"],
      );
      await notebook.says(3, /^left standing\s*$/);
      const { cells } = await notebook.save();
      const text = [cells[2]?.outputs[0]?.text ?? []].flat().join("");
      assert.equal(
        text,
        Array.from({ length: 20_000 }, (_, line) => `line ${line}\n`).join(""),
      );
    },
  );
});
