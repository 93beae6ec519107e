/**
 * Figures of mosaics: square pixels, escaped text, and space for captions.
 */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { NdArray } from "../../src/data/nd-array";
import { tf } from "../../src/engine/tensorflow";
import { imageGrid } from "../../src/plots/image-grid";
import { padWithWhite, mosaic, toPngUri } from "../../src/plots/mosaic";
import {
  margin,
  annotation,
  imageFigure,
  wrapped,
} from "../../src/plots/image-figure";
import { errorWith } from "../error-with";

const layout = { rows: 1, columns: 2, columnGap: 1, rowGap: 2 };
const images = new NdArray(
  Uint8Array.from({ length: 2 * 2 * 3 }, (_, index) => index * 20),
  [2, 2, 3],
);

describe("imageFigure", () => {
  const grid = mosaic(images, layout);

  test("draws every pixel as a square of whole screen pixels, with the left margin", async () => {
    const drawn = await imageFigure(grid, 5, [], 40, { dataset: null });
    const { width, height, margin: around, xaxis, yaxis } = drawn.layout;
    // Two images of 3 by 2, with a column between them and two rows below.
    assert.equal(width! - around!.l! - around!.r!, 5 * (3 + 1 + 3));
    assert.equal(height! - around!.t! - around!.b!, 5 * (2 + 2));
    assert.equal(around!.l, 40);
    assert.equal(around!.r, margin);
    assert.deepEqual(xaxis!.range, [-0.5, 6.5]);
    assert.deepEqual(yaxis!.range, [3.5, -0.5]);
    assert.equal(drawn.config.staticPlot, true);
  });

  test("escapes the text of an annotation, and keeps its position", () => {
    const { text, x, y, showarrow } = annotation("a < b", { x: 3, y: 4 });
    assert.deepEqual([text, x, y, showarrow], ["a &lt; b", 3, 4, false]);
  });

  test("widens the figure of a single image for its caption, without scaling the image", async () => {
    const one = new NdArray(new Uint8Array(32 * 32 * 3), [1, 32, 32, 3]);
    const figure = await imageGrid(
      one,
      new NdArray(Uint8Array.of(0), [1, 1]),
      ["airplane"],
      {
        dataset: { title: "CIFAR-10", provenance: "synthetic" },
        rows: 1,
        columns: 1,
        caption: "A long sentence that describes what this image shows",
      },
    );
    const { width, margin: around } = figure.layout;
    // Characters of 11 pixels are about half as wide as high.
    assert.ok(width! - around!.l! >= figure.caption.length * 5.5);
    assert.equal(width! - around!.l! - around!.r!, 3 * 32);
  });
});

describe("padWithWhite", () => {
  test("appends white images", () => {
    const filled = padWithWhite(images, 4);
    assert.deepEqual(filled.shape, [4, 2, 3]);
    assert.deepEqual(
      [...filled.data],
      [...images.data, ...new Array<number>(12).fill(255)],
    );
    assert.deepEqual(padWithWhite(images, 2).data, images.data);
  });

  test("rejects too many images, and none", () => {
    assert.throws(
      () => padWithWhite(images, 1),
      errorWith("ERR_INVALID_VALUE", "1 to 1", "received 2"),
    );
    assert.throws(
      () => padWithWhite(new NdArray(new Uint8Array(0), [0, 2]), 3),
      errorWith("ERR_INVALID_VALUE", "1 to 3", "received 0"),
    );
  });
});

describe("gaps and PNG of a mosaic", () => {
  test("rejects gaps that are not non-negative integers", () => {
    for (const [name, value] of [
      ["columnGap", -1],
      ["rowGap", 0.5],
    ] as const) {
      assert.throws(
        () => mosaic(images, { ...layout, [name]: value }),
        errorWith(
          "ERR_INVALID_VALUE",
          `\`${name}\``,
          "non-negative",
          `received ${value}`,
        ),
      );
    }
  });

  test("encodes every pixel, and leaks no tensors", async () => {
    const grid = mosaic(images, layout);
    const before = tf.memory().numTensors;
    const uri = await toPngUri(grid);
    assert.equal(tf.memory().numTensors, before);
    const image = tf.node.decodePng(Buffer.from(uri.split(",")[1]!, "base64"));
    assert.deepEqual(image.shape, [4, 7, 3]);
    assert.deepEqual(Uint8Array.from(image.dataSync()), grid.pixels);
    image.dispose();
  });
});

describe("wrapped", () => {
  test("breaks at spaces, and after underscores and hyphens", () => {
    assert.deepEqual(wrapped("large omnivores and herbivores", 15), [
      "large omnivores",
      "and herbivores",
    ]);
    assert.deepEqual(wrapped("large_man-made_outdoor_things", 13), [
      "large_man-",
      "made_outdoor_",
      "things",
    ]);
  });

  test("keeps short names and long words whole", () => {
    assert.deepEqual(wrapped("sweet_pepper", 12), ["sweet_pepper"]);
    assert.deepEqual(wrapped("a household_b", 5), ["a", "household_", "b"]);
    assert.deepEqual(wrapped("", 5), []);
  });
});
