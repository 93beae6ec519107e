/**
 * Grids of feature maps: one gray scale, and every map in its position.
 */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { tf } from "../../src/engine/tensorflow";
import { featureMapGrid } from "../../src/plots/feature-map-grid";
import { errorWith } from "../error-with";
import { runNumpy } from "../oracles/python";

const dataset = { title: "CIFAR-10", provenance: "synthetic" } as const;

describe("featureMapGrid", () => {
  /** Returns width and height from a PNG's header (PNG specification, 11.2.2). */
  const pngSize = (uri: string) => {
    const bytes = Buffer.from(uri.split(",")[1]!, "base64");
    return [bytes.readUInt32BE(16), bytes.readUInt32BE(20)];
  };

  test("arranges the maps in rows on one gray scale, stated in the caption", async () => {
    const maps = tf.tensor3d(
      Array.from({ length: 4 * 4 * 10 }, (_, place) => place / 10 - 1),
      [4, 4, 10],
    );
    const plot = await featureMapGrid(maps, { dataset, columns: 4 });
    const { source } = plot.data[0] as unknown as { source: string };
    // 4 maps per row with 2 pixels between them; 3 rows, each with 2 pixels below.
    assert.deepEqual(pngSize(source), [4 * 4 + 3 * 2, 3 * (4 + 2)]);
    assert.match(
      plot.caption,
      /^10 maps, black is -1\.00, white 14\.90\. Data: synthetic images/,
    );
    assert.equal(
      String(plot).split("\n")[0],
      "10 feature maps of 4 x 4, 4 per row",
    );
  });

  test("places every map and pixel with the same gray as NumPy", async (context) => {
    const values = Array.from({ length: 3 * 2 * 3 }, (_, i) => (i * 7) % 18);
    const maps = tf.tensor3d(values, [3, 2, 3]);
    const plot = await featureMapGrid(maps, { dataset, columns: 2 });
    const { source } = plot.data[0] as unknown as { source: string };
    const image = tf.node.decodePng(
      Buffer.from(source.split(",")[1]!, "base64"),
      1,
    );
    const expected = await runNumpy<number[][]>(
      context,
      `
maps = np.array(given, "float64").reshape(3, 2, 3)
gray = np.floor((maps - maps.min()) / (maps.max() - maps.min()) * 255 + 0.5)
white = np.full((10, 6), 255.0)
for f in range(3):
    y, x = f // 2 * 5, f % 2 * 4
    white[y:y + 3, x:x + 2] = gray[:, :, f]
result = white.tolist()`,
      values,
    );
    if (expected === undefined) return;
    assert.deepEqual(image.squeeze([2]).arraySync(), expected);
  });

  test("draws constant maps black, and does not round small values to 0", async () => {
    const even = await featureMapGrid(tf.fill([2, 2, 2], 3), { dataset });
    assert.match(even.caption, /^2 maps, black is 3\.00, white 3\.00\. /);
    const { source } = even.data[0] as unknown as { source: string };
    const image = tf.node.decodePng(
      Buffer.from(source.split(",")[1]!, "base64"),
      1,
    );
    assert.equal(image.slice([0, 0, 0], [2, 2, 1]).max().dataSync()[0], 0);
    const small = await featureMapGrid(tf.tensor3d([[[-0.0012, 0.0034]]]), {
      dataset,
      caption: "The last layer",
    });
    assert.match(
      small.caption,
      /^The last layer\. 2 maps, black is -0\.0012, white 0\.0034\. /,
    );
  });

  test("leaks no tensors", async () => {
    const maps = tf.ones<tf.Rank.R3>([2, 2, 2]);
    const before = tf.memory().numTensors;
    await featureMapGrid(maps, { dataset });
    await assert.rejects(() => featureMapGrid(maps.div(0), { dataset }));
    // The test's own quotient is the additional tensor.
    assert.equal(tf.memory().numTensors, before + 1);
  });

  test("rejects invalid maps and columns", async () => {
    const invalidCalls: [tf.Tensor, object, ...Parameters<typeof errorWith>][] =
      [
        [
          tf.ones([4, 4]),
          {},
          "ERR_SHAPE",
          "`maps`",
          "(rows, columns, filters)",
          "received (4, 4)",
        ],
        [
          tf.fill([1, 1, 1], NaN),
          {},
          "ERR_NOT_FINITE",
          "`maps`",
          "received NaN",
        ],
        [
          tf.ones([1, 1, 2]),
          { columns: 0 },
          "ERR_INVALID_VALUE",
          "`columns`",
          "positive integer",
          "received 0",
        ],
        [
          tf.ones([1, 1, 2]),
          { columns: 2.5 },
          "ERR_INVALID_VALUE",
          "`columns`",
          "positive integer",
          "received 2.5",
        ],
      ];
    for (const [maps, options, ...rule] of invalidCalls) {
      await assert.rejects(
        () => featureMapGrid(maps as tf.Tensor3D, { dataset, ...options }),
        errorWith(...rule),
      );
    }
  });
});
