/**
 * Figures as files: pages that show them without a notebook.
 */
import assert from "node:assert/strict";
import {
  existsSync,
  readdirSync,
  readFileSync,
  statSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import path from "node:path";
import { after, before, describe, test } from "node:test";
import { runInNewContext } from "node:vm";
import { figure } from "../../src/plots/figure";
import { saveFigure } from "../../src/plots/save-figure";
import { temporaryFolder } from "../lessons/notebook-file";

describe("saveFigure", () => {
  let folder: string;
  let remove: () => void;
  before(() => ({ folder, remove } = temporaryFolder()));
  after(() => remove());
  const plot = figure(
    [{ type: "scatter", x: [1, 2], y: [3, 4], name: "</script><b>" }],
    { width: 300 },
    { dataset: null },
  );

  test("writes a page that shows the figure and saves it as a PNG of 300 dots per inch, plotly.js once beside it", async (context) => {
    const said = context.mock.method(console, "log", () => undefined);
    const images = path.join(folder, "a", "images");
    const file = await saveFigure(plot, "first", { folder: images });
    assert.equal(file, path.join(images, "first.html"));
    assert.deepEqual(said.mock.calls[0]!.arguments, ["Saving figure first"]);
    await saveFigure(plot, "second", { folder: images, resolution: 96 });
    assert.deepEqual(readdirSync(images).sort(), [
      "first.html",
      "plotly.min.js",
      "second.html",
    ]);
    const page = readFileSync(file, "utf8");
    assert.match(page, /"scale":3\.125/);
    assert.match(page, /"filename":"first"/);
    assert.match(page, /src="plotly\.min\.js"/);
    assert.doesNotMatch(page, /https?:\/\//);
    // A name in the data cannot end the script.
    assert.equal(page.split("</script>").length - 1, 2);
    assert.match(
      readFileSync(path.join(images, "second.html"), "utf8"),
      /"scale":1[,}]/,
    );
    const library = statSync(path.join(images, "plotly.min.js"));
    assert.ok(library.size > 1_000_000);
  });

  test("the page draws the figure itself, with the tools a picture in a notebook has not", async (context) => {
    context.mock.method(console, "log", () => undefined);
    const picture = figure(
      [{ type: "scatter", x: [1, 2], y: [3, 4], name: "<!-- </script>" }],
      { width: 320 },
      { dataset: null, interactive: false },
    );
    const page = readFileSync(
      await saveFigure(picture, "p", { folder }),
      "utf8",
    );
    const script = /<script>([^]*?)<\/script>/.exec(page)![1]!;
    const drawn: unknown[][] = [];
    runInNewContext(script, {
      Plotly: { newPlot: (...given: unknown[]) => drawn.push(given) },
    });
    const [[place, data, layout, config]] = JSON.parse(
      JSON.stringify(drawn),
    ) as [[string, unknown, unknown, Record<string, unknown>]];
    assert.ok(page.includes(`<div id="${place}"></div>`));
    assert.deepEqual(data, picture.data);
    assert.deepEqual(layout, picture.layout);
    assert.equal(picture.config.staticPlot, true);
    assert.deepEqual(
      [config["staticPlot"], config["displayModeBar"]],
      [false, true],
    );
  });

  test("replaces a page of that name, and a plotly.js that is not whole", async (context) => {
    context.mock.method(console, "log", () => undefined);
    const images = path.join(folder, "again");
    const file = await saveFigure(plot, "same", { folder: images });
    const library = path.join(images, "plotly.min.js");
    const { size } = statSync(library);
    writeFileSync(library, "cut off");
    writeFileSync(file, "old");
    await saveFigure(plot, "same", { folder: images });
    assert.equal(statSync(library).size, size);
    assert.match(readFileSync(file, "utf8"), /Plotly\.newPlot/);
    // A library that is whole is left alone: it is not written again for every figure.
    utimesSync(library, 1, 1);
    await saveFigure(plot, "other", { folder: images });
    assert.equal(statSync(library).mtimeMs, 1000);
  });

  test("saves into `images` unless told, and says so if that cannot be written", async (context) => {
    context.mock.method(console, "log", () => undefined);
    const before = process.cwd();
    process.chdir(folder);
    try {
      assert.equal(
        await saveFigure(plot, "größe-1.b_c"),
        path.join("images", "größe-1.b_c.html"),
      );
      assert.ok(existsSync(path.join(folder, "images", "größe-1.b_c.html")));
    } finally {
      process.chdir(before);
    }
    const taken = path.join(folder, "taken");
    writeFileSync(taken, "a file, not a folder");
    await assert.rejects(() => saveFigure(plot, "a", { folder: taken }), {
      code: "EEXIST",
    });
  });

  test("refuses names that lead elsewhere, and resolutions that are none", async () => {
    for (const name of ["", "../up", "a/b", "a\\b", ".hidden", "a b", "a\n"]) {
      await assert.rejects(() => saveFigure(plot, name, { folder }), {
        name: "RangeError",
        message: `Expected \`name\` to be made of letters, digits, "-", "_" and ".", received ${JSON.stringify(name)}`,
      });
    }
    for (const resolution of [0, -300, NaN, Infinity]) {
      await assert.rejects(
        () => saveFigure(plot, "a", { folder, resolution }),
        {
          name: "RangeError",
          message: `Expected \`resolution\` to be a number above 0, received ${resolution}`,
        },
      );
    }
  });
});
