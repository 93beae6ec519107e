/**
 * Tests the tools around a notebook in JupyterLab, in a browser: the debugger, the panel of
 * variables, the block of a training run, and widgets that work meanwhile.
 */
import assert from "node:assert/strict";
import { code } from "../lessons/notebook-file";
import { until } from "../until";
import { describeInLab } from "./notebook-tests";

const TRAINING = `import { fit, setSeed, slider, tf } from "convnotes";
setSeed(1);
const model = tf.sequential({ layers: [tf.layers.dense({ units: 8, inputShape: [4] }), tf.layers.dense({ units: 1 })] });
model.compile({ optimizer: "sgd", loss: "meanSquaredError" });
const [x, y] = [tf.randomNormal([512, 4]), tf.randomNormal([512, 1])];
const pause = () => new Promise<void>((resolve) => setTimeout(resolve, 200));`;

/** A run that does not end by itself, and what is kept if it is stopped. */
const LONG_RUN = [
  TRAINING,
  "const history = await fit(model, x, y, { epochs: 500, batchSize: 64, onEpochEnd: pause });",
  "history.epochs.length < 500 && model.getWeights().length",
];

/** A stored figure, whose image has one pixel but is shown with 300 × 200. */
const STORED = {
  output_type: "display_data",
  data: {
    "application/vnd.plotly.v1+json": {
      data: [{ y: [1, 2] }],
      layout: { width: 300, height: 200 },
    },
    "image/png":
      "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAAC0lEQVR42mNkYAAAAAYAAjCB0C8AAAAASUVORK5CYII=",
    "text/plain": "two points",
  },
  metadata: { "image/png": { width: 300, height: 200, alt: "two points" } },
};

describeInLab("JupyterLab's tools", (inNotebook) => {
  inNotebook(
    "stops at a breakpoint in a loop, shows a variable and goes on",
    [
      "const rate = 2;\nconst totals: number[] = [];",
      "for (let index = 0; index < 2; index += 1) {\n  const scaled: number = index * rate;\n  totals.push(scaled);\n}\ntotals",
    ],
    async (notebook) => {
      const { page } = notebook;
      await notebook.run(0, 1);
      await notebook.panel.locator(".jp-DebuggerBugButton").click();
      const gutter = notebook
        .cell(1)
        .locator(".cm-breakpoint-gutter .cm-gutterElement");
      // The first element only determines the width.
      await gutter.nth(3).click();
      await notebook
        .cell(1)
        .locator(".cm-breakpoint-icon:visible")
        .first()
        .waitFor();
      await notebook.start(1);
      const sidebar = page.locator(".jp-DebuggerSidebar");
      const frame = sidebar.locator(".jp-DebuggerCallstackFrame");
      await frame.filter({ hasText: "In[2]" }).first().waitFor();
      await notebook.cell(1).locator(".jp-DebuggerEditor-highlight").waitFor();
      const variables = sidebar.locator(".jp-DebuggerVariables-body");
      await variables.getByText("scaled").first().waitFor();
      await notebook.takeScreenshot("breakpoint");
      const resume = sidebar.getByRole("button", { name: /^Continue/ });
      await resume.click();
      await frame.filter({ hasText: "In[2]" }).first().waitFor();
      await resume.click();
      await notebook.counts(1, 2);
      await notebook.says(1, "[ 0, 2 ]");
      await notebook.idle();
    },
  );

  inNotebook(
    "lists variables while no debugger is on, and shows a tensor",
    [
      'import { tf } from "convnotes";\nconst image = tf.ones([8, 8, 3]);\nconst names = new Map([["cat", { id: 3 }]]);',
      "const later = [1, 2, 3];",
    ],
    async (notebook) => {
      const { page } = notebook;
      await page
        .locator(".jp-SideBar .lm-TabBar-tab[data-id=convnotes-variables]")
        .click();
      const panel = page.locator(".convnotes-variables");
      await notebook.run(0, 1);
      const row = (name: string) =>
        panel.locator("tbody tr", {
          has: page.locator(`th:has-text("${name}")`),
        });
      await row("image").getByText("[8, 8, 3]").first().waitFor();
      await row("names").getByRole("button", { name: "names" }).first().click();
      await row("cat").first().waitFor();
      await notebook.run(1, 2);
      await row("later").first().waitFor();
      await row("cat").first().waitFor();
      await panel.getByRole("button", { name: "Show image" }).click();
      await panel.locator("footer img").first().waitFor();
      await panel.getByRole("searchbox").fill("lat");
      await row("image").waitFor({ state: "hidden" });
      assert.ok(await row("later").first().isVisible());
    },
  );

  inNotebook(
    "a training run draws its chart and is stopped by its button",
    LONG_RUN,
    async (notebook) => {
      await notebook.run(0, 1);
      await notebook.start(1);
      const block = notebook.outputs(1).locator(".convnotes-training");
      await block.locator("svg path[fill=none]").first().waitFor();
      await notebook.takeScreenshot("training");
      await block.getByRole("button", { name: "Stop" }).click();
      await notebook.counts(1, 2);
      await notebook.says(1, /of 500 epochs/);
      const picture = notebook.outputs(1).locator("img");
      assert.match((await picture.getAttribute("alt")) ?? "", /loss from/);
      await notebook.run(2, 3);
      await notebook.says(2, /^4$/);
      const { cells } = await notebook.save();
      const kept = cells[1]!.outputs.map(({ data = {} }) => Object.keys(data));
      assert.deepEqual(kept, [["text/html", "text/plain"]]);
    },
  );

  inNotebook(
    "a page that is reloaded during a training run shows it, and stops it",
    LONG_RUN,
    async (notebook) => {
      await notebook.run(0, 1);
      await notebook.start(1);
      const block = notebook.outputs(1).locator(".convnotes-training");
      const curve = block.locator("svg path[fill=none]").first();
      await curve.waitFor();
      await notebook.save();

      await notebook.page.reload();
      await curve.waitFor();
      const drawn = await curve.getAttribute("d");
      await until(
        async () => (await curve.getAttribute("d")) !== drawn,
        "the curve to grow",
      );
      await notebook.takeScreenshot("reloaded");
      await block.getByRole("button", { name: "Stop" }).click();
      await notebook.run(2, 3);
      await notebook.says(2, /^4$/);
      await notebook.says(1, /of 500 epochs/);
      await notebook.outputs(1).locator("img").first().waitFor();
      await notebook.takeScreenshot("reloaded-end");
    },
  );

  inNotebook(
    "a slider moves and is heard while a cell trains",
    [
      `${TRAINING}\nconst width = slider({ label: "n" }).onChange(({ value }) => console.log(\`moved to \${value}\`));\nwidth`,
      "const history = await fit(model, x, y, { epochs: 500, batchSize: 64, progress: false, onEpochEnd: () => { if (width.state.value > 0) model.stopTraining = true; return pause(); } });\nhistory.epochs.length < 500",
    ],
    async (notebook) => {
      await notebook.run(0, 1);
      const input = notebook.outputs(0).locator("input[type=range]");
      await input.waitFor();
      await notebook.start(1);
      await notebook.counts(1, "*");
      await input.focus();
      await notebook.page.keyboard.press("ArrowRight");
      await notebook.says(0, "moved to 1");
      await notebook.says(1, /^true$/);
    },
  );

  inNotebook(
    "a stored figure has its size before the pointer makes it interactive",
    [code("figure", [STORED])],
    async (notebook) => {
      const output = notebook.outputs(0);
      const image = output.getByAltText("two points");
      await image.waitFor();
      const { width, height } = (await image.boundingBox())!;
      assert.deepEqual({ width, height }, { width: 300, height: 200 });
      await image.dispatchEvent("mouseenter");
      await output.locator(".plot-container").waitFor();
      await image.waitFor({ state: "hidden" });
    },
  );
});
