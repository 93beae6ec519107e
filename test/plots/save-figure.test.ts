/**
 * Figures as files: pictures, and pages that show them without a notebook.
 */
import assert from "node:assert/strict";
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import path from "node:path";
import { after, before, describe, test, type TestContext } from "node:test";
import { runInNewContext } from "node:vm";
import { chromium, type LaunchOptions } from "playwright-core";
import { tf } from "../../src";
import { figure } from "../../src/plots/figure";
import { saveFigure } from "../../src/plots/save-figure";
import { noBrowser } from "../jupyterlab/browser";
import { temporaryFolder } from "../lessons/notebook-file";

/** The chunk of a PNG that says 11,811 dots a metre, with its checksum, as Matplotlib writes it. */
const dotsPerInch300 = Buffer.from(
  "000000097048597300002e2300002e230178a53f76",
  "hex",
);

describe("saveFigure, as a page", () => {
  let folder: string;
  let remove: () => void;
  before(() => ({ folder, remove } = temporaryFolder()));
  after(() => remove());
  const format = "html";
  const plot = figure(
    [{ type: "scatter", x: [1, 2], y: [3, 4], name: "</script><b>" }],
    { width: 300 },
    { dataset: null },
  );

  test("writes a page that shows the figure and saves it as a PNG of 300 dots per inch, plotly.js once beside it", async (context) => {
    const said = context.mock.method(console, "log", () => undefined);
    const images = path.join(folder, "a", "images");
    const file = await saveFigure(plot, "first", { folder: images, format });
    assert.equal(file, path.join(images, "first.html"));
    assert.deepEqual(said.mock.calls[0]!.arguments, ["Saving figure first"]);
    await saveFigure(plot, "second", {
      folder: images,
      resolution: 96,
      format,
    });
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
      await saveFigure(picture, "p", { folder, format }),
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
    const file = await saveFigure(plot, "same", { folder: images, format });
    const library = path.join(images, "plotly.min.js");
    const { size } = statSync(library);
    writeFileSync(library, "cut off");
    writeFileSync(file, "old");
    await saveFigure(plot, "same", { folder: images, format });
    assert.equal(statSync(library).size, size);
    assert.match(readFileSync(file, "utf8"), /Plotly\.newPlot/);
    // A library that is whole is left alone: it is not written again for every figure.
    utimesSync(library, 1, 1);
    await saveFigure(plot, "other", { folder: images, format });
    assert.equal(statSync(library).mtimeMs, 1000);
  });

  test("saves into `images` unless told, and says so if that cannot be written", async (context) => {
    context.mock.method(console, "log", () => undefined);
    const before = process.cwd();
    process.chdir(folder);
    try {
      assert.equal(
        await saveFigure(plot, "größe-1.b_c", { format }),
        path.join("images", "größe-1.b_c.html"),
      );
      assert.ok(existsSync(path.join(folder, "images", "größe-1.b_c.html")));
    } finally {
      process.chdir(before);
    }
    const taken = path.join(folder, "taken");
    writeFileSync(taken, "a file, not a folder");
    await assert.rejects(
      () => saveFigure(plot, "a", { folder: taken, format }),
      {
        code: "EEXIST",
      },
    );
  });

  test("refuses names that lead elsewhere, and resolutions and formats that are none", async () => {
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
    await assert.rejects(
      () => saveFigure(plot, "a", { folder, format: "pdf" as "png" }),
      {
        name: "RangeError",
        message: 'Expected `format` to be "png" or "html", received "pdf"',
      },
    );
  });
});

describe("saveFigure, as a picture", () => {
  let folder: string;
  let remove: () => void;
  before(() => ({ folder, remove } = temporaryFolder()));
  after(() => remove());
  const plot = figure(
    [{ type: "bar", x: ["</script>"], y: [1], marker: { color: "#0072B2" } }],
    { width: 320, height: 240 },
    { dataset: null },
  );

  test(
    "draws the figure with 300 dots an inch, and says how many it has",
    { skip: noBrowser },
    async (context) => {
      const said = context.mock.method(console, "log", () => undefined);
      const file = await saveFigure(plot, "bar", { folder });
      assert.equal(file, path.join(folder, "bar.png"));
      assert.deepEqual(readdirSync(folder), ["bar.png"]);
      assert.deepEqual(
        said.mock.calls.map((call) => call.arguments),
        [["Saving figure bar"]],
      );
      const png = readFileSync(file);
      assert.equal(png.indexOf(dotsPerInch300), 33);
      const pixels = tf.node.decodePng(png, 3);
      assert.deepEqual(pixels.shape, [750, 1000, 3]);
      const blue = pixels.equal(tf.tensor1d([0, 0x72, 0xb2], "int32")).all(2);
      // A single bar takes four fifths of the width between the margins, and most of the height.
      const share = blue.mean().dataSync()[0]!;
      assert.ok(share > 0.2 && share < 0.6, `${share} of it are blue`);
    },
  );

  test(
    "a picture for the screen is as large as in the notebook, and replaces one of that name",
    { skip: noBrowser },
    async (context) => {
      context.mock.method(console, "log", () => undefined);
      const file = path.join(folder, "bar.png");
      writeFileSync(file, "old");
      await saveFigure(plot, "bar", { folder, resolution: 96 });
      const { shape } = tf.node.decodePng(readFileSync(file), 3);
      assert.deepEqual(shape, [240, 320, 3]);
    },
  );

  /** Has only these folders looked through for browsers; the places that the library knows hold none. */
  function lookIn(context: TestContext, folders: readonly string[]): string[] {
    const said: string[] = [];
    context.mock.method(console, "log", (text: string) => said.push(text));
    const found = process.env["PATH"];
    process.env["PATH"] = folders.join(path.delimiter);
    context.after(() => (process.env["PATH"] = found));
    const launch = chromium.launch.bind(chromium);
    context.mock.method(chromium, "launch", (options: LaunchOptions) =>
      options.channel === undefined
        ? launch(options)
        : Promise.reject(new Error("Chromium distribution is not found")),
    );
    return said;
  }

  test("without a browser it is a page, and says so", async (context) => {
    const said = lookIn(context, [folder]);
    const file = await saveFigure(plot, "alone", { folder });
    assert.equal(file, path.join(folder, "alone.html"));
    assert.deepEqual(said, [
      "Saving figure alone",
      "Expected a Chromium, Chrome or Edge to draw with, found none: saved as a page, whose camera saves the PNG",
    ]);
  });

  test("a browser that does not start is passed over, and named", async (context) => {
    const bin = path.join(folder, "bin");
    mkdirSync(bin);
    const broken = path.join(bin, "chromium");
    writeFileSync(broken, "#!/bin/sh\nexit 3\n", { mode: 0o755 });
    const said = lookIn(context, [bin]);
    await saveFigure(plot, "broken", { folder });
    assert.ok(existsSync(path.join(folder, "broken.html")));
    assert.equal(
      said[1],
      `Expected a Chromium, Chrome or Edge to draw with, found none that starts (${broken} does not start): saved as a page, whose camera saves the PNG`,
    );
  });
});
