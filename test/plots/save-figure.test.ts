/**
 * Figures as files, feature maps as pictures, and convolutions with stride and padding.
 */
import assert from "node:assert/strict";
import { readdirSync, readFileSync, statSync } from "node:fs";
import path from "node:path";
import { after, before, describe, test } from "node:test";
import { tf } from "../../src/engine/tensorflow";
import { convolve, marginsOf } from "../../src/plots/convolve";
import { featureMapGrid } from "../../src/plots/feature-map-grid";
import { figure } from "../../src/plots/figure";
import { saveFigure } from "../../src/plots/save-figure";
import { temporaryFolder } from "../lessons/notebook-file";
import { runKeras } from "../oracles/python";

const dataset = { title: "CIFAR-10", provenance: "synthetic" } as const;

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

  test("refuses names that lead elsewhere, and resolutions that are none", async () => {
    for (const name of ["", "../up", "a/b", ".hidden", "a b"]) {
      await assert.rejects(() => saveFigure(plot, name, { folder }), {
        name: "RangeError",
        message: `Expected \`name\` to be made of letters, digits, "-", "_" and ".", received ${JSON.stringify(name)}`,
      });
    }
    await assert.rejects(
      () => saveFigure(plot, "a", { folder, resolution: 0 }),
      {
        message: "Expected `resolution` to be a number above 0, received 0",
      },
    );
  });
});

describe("featureMapGrid", () => {
  /** Width and height in a PNG's header (PNG specification, 11.2.2). */
  const pngSize = (uri: string) => {
    const bytes = Buffer.from(uri.split(",")[1]!, "base64");
    return [bytes.readUInt32BE(16), bytes.readUInt32BE(20)];
  };

  test("lays the maps out in rows, all on one scale of grey that its caption gives", async () => {
    const maps = tf.tensor3d(
      Array.from({ length: 4 * 4 * 10 }, (_, place) => place / 10 - 1),
      [4, 4, 10],
    );
    const plot = await featureMapGrid(maps, { dataset, columns: 4 });
    const { source } = plot.data[0] as unknown as { source: string };
    // 4 maps a row and 2 pixels between them; 3 rows, each with 2 pixels below.
    assert.deepEqual(pngSize(source), [4 * 4 + 3 * 2, 3 * (4 + 2)]);
    assert.match(
      plot.caption,
      /^10 maps, black is -1\.00, white 14\.90\. Data: synthetic stand-in/,
    );
    assert.equal(
      String(plot).split("\n")[0],
      "10 feature maps of 4 x 4, 4 a row",
    );
  });

  test("refuses what are no maps", async () => {
    const refused: [tf.Tensor, object, string][] = [
      [
        tf.ones([4, 4]),
        {},
        "Expected `maps` to have shape (rows, columns, filters), received (4, 4)",
      ],
      [
        tf.fill([1, 1, 1], NaN),
        {},
        "Expected `maps` to hold finite numbers, received NaN",
      ],
      [
        tf.ones([1, 1, 2]),
        { columns: 0 },
        "Expected `columns` to be a whole number above 0, received 0",
      ],
    ];
    for (const [maps, options, message] of refused) {
      await assert.rejects(
        () => featureMapGrid(maps as tf.Tensor3D, { dataset, ...options }),
        { name: "RangeError", message },
      );
    }
  });
});

describe("convolve with stride and padding", () => {
  const input = Array.from({ length: 6 }, (_, y) =>
    Array.from({ length: 7 }, (_, x) => ((y * 7 + x * x) % 11) - 3),
  );
  const kernel = [
    [1, 2, -1],
    [0, -3, 4],
  ];

  test("is Keras's layer", async (context) => {
    for (const stride of [1, 2, 3]) {
      for (const padding of ["valid", "same"] as const) {
        const expected = await runKeras<number[][]>(
          context,
          `
import numpy as np
x = np.array(given["input"], "float32")[None, :, :, None]
w = np.array(given["kernel"], "float32")[:, :, None, None]
y = keras.ops.conv(x, w, strides=given["stride"], padding=given["padding"])
result = keras.ops.convert_to_numpy(y)[0, :, :, 0].tolist()`,
          { input, kernel, stride, padding },
        );
        if (expected === undefined) return;
        assert.deepEqual(
          convolve(input, kernel, { stride, padding }),
          expected,
        );
      }
    }
  });

  test("the zeros put around make the whole kernel fit at the last place, and no more", () => {
    for (const stride of [1, 2, 3]) {
      const { top, bottom, left, right } = marginsOf(input, kernel, {
        stride,
        padding: "same",
      });
      const padded = [
        ...Array.from({ length: top }, () => new Array<number>(7).fill(0)),
        ...input,
        ...Array.from({ length: bottom }, () => new Array<number>(7).fill(0)),
      ].map((row) => [
        ...new Array<number>(left).fill(0),
        ...row,
        ...new Array<number>(right).fill(0),
      ]);
      assert.deepEqual(
        convolve(padded, kernel, { stride }),
        convolve(input, kernel, { stride, padding: "same" }),
      );
    }
    assert.deepEqual(marginsOf(input, kernel), {
      top: 0,
      bottom: 0,
      left: 0,
      right: 0,
    });
  });

  test("refuses strides and paddings that are none", () => {
    assert.throws(() => convolve(input, kernel, { stride: 0 }), {
      name: "RangeError",
      message: "Expected `stride` to be a whole number above 0, received 0",
    });
    assert.throws(
      () => convolve(input, kernel, { padding: "full" as "same" }),
      {
        message: 'Expected `padding` to be "valid" or "same", received "full"',
      },
    );
  });
});
