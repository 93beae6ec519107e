/**
 * Saving of figures as PNG files, and as pages that show them without a notebook.
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
import { errorWith } from "../error-with";
import { noBrowser } from "../jupyterlab/browser";
import { temporaryFolder } from "../lessons/notebook-file";

/** The PNG chunk for 11,811 dots per meter with its checksum, as written by Matplotlib. */
const dotsPerInch300 = Buffer.from(
  "000000097048597300002e2300002e230178a53f76",
  "hex",
);

describe("saveFigure as a page", () => {
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

  test("writes a page that saves a PNG of 300 dots per inch, with one copy of plotly.js", async (context) => {
    const log = context.mock.method(console, "log", () => undefined);
    const images = path.join(folder, "a", "images");
    const file = await saveFigure(plot, "first", { folder: images, format });
    assert.equal(file, path.join(images, "first.html"));
    assert.deepEqual(log.mock.calls[0]!.arguments, ["Saving figure first"]);
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
    // Names in the data cannot end the script.
    assert.equal(page.split("</script>").length - 1, 2);
    assert.match(
      readFileSync(path.join(images, "second.html"), "utf8"),
      /"scale":1[,}]/,
    );
    const library = statSync(path.join(images, "plotly.min.js"));
    assert.ok(library.size > 1_000_000);
  });

  test("draws the figure on the page, with tools that a static image in a notebook lacks", async (context) => {
    context.mock.method(console, "log", () => undefined);
    const staticFigure = figure(
      [{ type: "scatter", x: [1, 2], y: [3, 4], name: "<!-- </script>" }],
      { width: 320 },
      { dataset: null, interactive: false },
    );
    const page = readFileSync(
      await saveFigure(staticFigure, "p", { folder, format }),
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
    assert.deepEqual(data, staticFigure.data);
    assert.deepEqual(layout, staticFigure.layout);
    assert.equal(staticFigure.config.staticPlot, true);
    assert.deepEqual(
      [config["staticPlot"], config["displayModeBar"]],
      [false, true],
    );
  });

  test("replaces an existing page, and an incomplete plotly.js", async (context) => {
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
    // A complete library is not copied again.
    utimesSync(library, 1, 1);
    await saveFigure(plot, "other", { folder: images, format });
    assert.equal(statSync(library).mtimeMs, 1000);
  });

  test("saves into `images` by default, and fails if the folder is not writable", async (context) => {
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

  test("rejects unsafe names, and invalid resolutions and formats", async () => {
    for (const name of ["", "../up", "a/b", "a\\b", ".hidden", "a b", "a\n"]) {
      await assert.rejects(
        () => saveFigure(plot, name, { folder }),
        errorWith(
          "ERR_INVALID_VALUE",
          "`name`",
          `received ${JSON.stringify(name)}`,
        ),
      );
    }
    for (const resolution of [0, -300, NaN, Infinity]) {
      await assert.rejects(
        () => saveFigure(plot, "a", { folder, resolution }),
        errorWith(
          "ERR_INVALID_VALUE",
          "`resolution`",
          "positive number",
          `received ${resolution}`,
        ),
      );
    }
    await assert.rejects(
      () => saveFigure(plot, "a", { folder, format: "pdf" as "png" }),
      errorWith(
        "ERR_INVALID_VALUE",
        "`format`",
        '"png" or "html"',
        'received "pdf"',
      ),
    );
  });
});

describe("saveFigure as a PNG", () => {
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
    "draws the figure with 300 dots per inch, and stores the resolution",
    { skip: noBrowser },
    async (context) => {
      const log = context.mock.method(console, "log", () => undefined);
      const file = await saveFigure(plot, "bar", { folder });
      assert.equal(file, path.join(folder, "bar.png"));
      assert.deepEqual(readdirSync(folder), ["bar.png"]);
      assert.deepEqual(
        log.mock.calls.map((call) => call.arguments),
        [["Saving figure bar"]],
      );
      const png = readFileSync(file);
      assert.equal(png.indexOf(dotsPerInch300), 33);
      const pixels = tf.node.decodePng(png, 3);
      assert.deepEqual(pixels.shape, [750, 1000, 3]);
      const blue = pixels.equal(tf.tensor1d([0, 0x72, 0xb2], "int32")).all(2);
      // The bar takes four fifths of the width between the margins, and most of the height.
      const share = blue.mean().dataSync()[0]!;
      assert.ok(
        share > 0.2 && share < 0.6,
        `the share of blue pixels is ${share}`,
      );
    },
  );

  test(
    "at screen resolution, has the notebook's size, and replaces an existing file",
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

  /**
   * Restricts the search for browsers to some folders, without Playwright's known locations.
   * Returns the log.
   */
  function searchOnly(
    context: TestContext,
    folders: readonly string[],
  ): string[] {
    const log: string[] = [];
    context.mock.method(console, "log", (text: string) => log.push(text));
    const found = process.env["PATH"];
    process.env["PATH"] = folders.join(path.delimiter);
    context.after(() => (process.env["PATH"] = found));
    const launch = chromium.launch.bind(chromium);
    context.mock.method(chromium, "launch", (options: LaunchOptions) =>
      options.channel === undefined
        ? launch(options)
        : Promise.reject(new Error("Chromium distribution is not found")),
    );
    return log;
  }

  test("saves a page and prints a message if there is no browser", async (context) => {
    const log = searchOnly(context, [folder]);
    const file = await saveFigure(plot, "alone", { folder });
    assert.equal(file, path.join(folder, "alone.html"));
    assert.deepEqual(log, [
      "Saving figure alone",
      "Expected a Chromium, Chrome or Edge to draw with, found none; saved as a page instead, whose camera button saves a PNG",
    ]);
  });

  test("skips a browser that does not start, and names it", async (context) => {
    const bin = path.join(folder, "bin");
    mkdirSync(bin);
    const broken = path.join(bin, "chromium");
    writeFileSync(broken, "#!/bin/sh\nexit 3\n", { mode: 0o755 });
    const log = searchOnly(context, [bin]);
    await saveFigure(plot, "broken", { folder });
    assert.ok(existsSync(path.join(folder, "broken.html")));
    assert.equal(
      log[1],
      `Expected a Chromium, Chrome or Edge to draw with, found none that starts (${broken} does not start); saved as a page instead, whose camera button saves a PNG`,
    );
  });
});
