/**
 * Grids of images: positions, exact pixels, and labels.
 */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { NdArray } from "../../src/data/nd-array";
import { tf } from "../../src/engine/tensorflow";
import { jupyterDisplay } from "../../src/notebook/mime";
import { plotlyMimeType, type Figure } from "../../src/plots/figure";
import { classGrid, imageGrid } from "../../src/plots/image-grid";
import { mosaic } from "../../src/plots/mosaic";
import { errorWith } from "../error-with";

const dataset = { title: "CIFAR-10", provenance: "synthetic" } as const;
const classNames = ["airplane", "automobile", "bird"];

/** Images whose bytes depend on their position, so that misplaced pixels are detected. */
function testImages(shape: readonly number[]): NdArray {
  const size = shape.reduce((product, length) => product * length, 1);
  return new NdArray(
    Uint8Array.from({ length: size }, (_, index) => (index * 31 + 7) % 251),
    shape,
  );
}

function labelsOf(...labels: number[]): NdArray {
  return new NdArray(Uint8Array.from(labels), [labels.length, 1]);
}

interface StoredFigure {
  data: { type: string; source: string; zsmooth: boolean }[];
  layout: {
    width: number;
    height: number;
    margin: { l: number; r: number; t: number; b: number };
    xaxis: { range: number[]; visible: boolean };
    yaxis: { range: number[]; visible: boolean };
    annotations: { text: string; x: number; y: number; xref?: string }[];
  };
}

function storedFigure(figure: Figure): StoredFigure {
  const bundle = figure[jupyterDisplay]();
  return JSON.parse(JSON.stringify(bundle[plotlyMimeType])) as StoredFigure;
}

function decode(source: string): tf.Tensor3D {
  const [head, body] = source.split(",");
  assert.equal(head, "data:image/png;base64");
  return tf.node.decodePng(Buffer.from(body!, "base64"), 3);
}

describe("mosaic", () => {
  test("places every pixel of every image, with white gaps", () => {
    const images = testImages([7, 4, 5, 3]);
    const layout = { rows: 2, columns: 3, columnGap: 2, rowGap: 3 };
    const result = mosaic(images, layout);
    assert.equal(result.width, 3 * 5 + 2 * 2);
    assert.equal(result.height, 2 * (4 + 3));
    assert.deepEqual(result.corners, [
      { x: 0, y: 0 },
      { x: 7, y: 0 },
      { x: 14, y: 0 },
      { x: 0, y: 7 },
      { x: 7, y: 7 },
      { x: 14, y: 7 },
    ]);
    const expected = new Uint8Array(result.pixels.length).fill(255);
    result.corners.forEach(({ x, y }, index) => {
      for (let row = 0; row < 4; row++) {
        for (let column = 0; column < 5; column++) {
          for (let channel = 0; channel < 3; channel++) {
            expected[((y + row) * result.width + x + column) * 3 + channel] =
              images.data[((index * 4 + row) * 5 + column) * 3 + channel]!;
          }
        }
      }
    });
    assert.deepEqual(result.pixels, expected);
  });

  test("draws images of one channel in gray, with or without a channel axis", () => {
    const layout = { rows: 1, columns: 2, columnGap: 0, rowGap: 0 };
    const images = testImages([2, 3, 3]);
    const flat = mosaic(images, layout);
    const withAxis = mosaic(new NdArray(images.data, [2, 3, 3, 1]), layout);
    assert.deepEqual(withAxis.pixels, flat.pixels);
    assert.deepEqual(
      [...flat.pixels.subarray(0, 6)],
      [0, 0, 0, 1, 1, 1].map((index) => images.data[index]!),
    );
  });

  test("rejects too few images, other shapes, and zero rows", () => {
    const layout = { rows: 2, columns: 2, columnGap: 0, rowGap: 0 };
    assert.throws(
      () => mosaic(testImages([3, 2, 2, 3]), layout),
      errorWith("ERR_SHAPE", "at least 4", "2 rows of 2", "received 3"),
    );
    assert.throws(
      () => mosaic(testImages([4, 2, 2, 2]), layout),
      errorWith("ERR_SHAPE", "`images`", "received (4, 2, 2, 2)"),
    );
    assert.throws(() => mosaic(testImages([4, 4]), layout), RangeError);
    assert.throws(
      () => mosaic(testImages([4, 2, 2]), { ...layout, rows: 0 }),
      errorWith(
        "ERR_INVALID_VALUE",
        "`rows`",
        "positive integer",
        "received 0",
      ),
    );
  });
});

describe("imageGrid", () => {
  test("draws 25 images in 5 rows of 5 with a name below each, without ticks", async () => {
    const images = testImages([30, 32, 32, 3]);
    const labels = labelsOf(...Array.from({ length: 30 }, (_, i) => i % 3));
    const figure = await imageGrid(images, labels, classNames, { dataset });
    const { data, layout } = storedFigure(figure);
    assert.equal(data.length, 1);
    assert.equal(data[0]!.type, "image");
    assert.equal(data[0]!.zsmooth, false);
    assert.equal(layout.xaxis.visible, false);
    assert.equal(layout.yaxis.visible, false);

    const names = layout.annotations.filter(({ xref }) => xref !== "paper");
    assert.equal(names.length, 25);
    names.forEach(({ text, x, y }, index) => {
      assert.equal(text, classNames[index % 3]);
      assert.equal(x, (index % 5) * 36 + 15.5);
      assert.equal(y, Math.floor(index / 5) * 40 + 32);
    });

    const [caption] = layout.annotations.filter(({ xref }) => xref === "paper");
    assert.equal(caption!.text, "Data: synthetic images, not CIFAR-10");
  });

  test("draws every pixel as a square of whole screen pixels, with exact colors in the PNG", async () => {
    const images = testImages([25, 32, 32, 3]);
    const labels = labelsOf(...new Array<number>(25).fill(0));
    const { data, layout } = storedFigure(
      await imageGrid(images, labels, classNames, { dataset }),
    );
    const { pixels, width, height } = mosaic(images, {
      rows: 5,
      columns: 5,
      columnGap: 4,
      rowGap: 8,
    });
    const { margin } = layout;
    assert.equal(layout.width - margin.l - margin.r, 3 * width);
    assert.equal(layout.height - margin.t - margin.b, 3 * height);
    assert.deepEqual(layout.xaxis.range, [-0.5, width - 0.5]);
    assert.deepEqual(layout.yaxis.range, [height - 0.5, -0.5]);
    const image = decode(data[0]!.source);
    assert.deepEqual(image.shape, [height, width, 3]);
    assert.deepEqual(Uint8Array.from(image.dataSync()), pixels);
    image.dispose();
  });

  test("lists the images as text", async () => {
    const figure = await imageGrid(
      testImages([4, 2, 2, 3]),
      labelsOf(2, 0, 1, 1),
      classNames,
      { dataset, rows: 2, columns: 2, caption: "The first four" },
    );
    assert.equal(
      figure.toString(),
      "2 x 2 images, row by row:\nbird, airplane\nautomobile, automobile\n" +
        "The first four. Data: synthetic images, not CIFAR-10",
    );
  });

  test("leaks no tensors", async () => {
    const images = testImages([1, 4, 4, 3]);
    const before = tf.memory().numTensors;
    await imageGrid(images, labelsOf(0), classNames, {
      dataset,
      rows: 1,
      columns: 1,
    });
    assert.equal(tf.memory().numTensors, before);
  });

  test("rejects a label without a name, and fewer labels than images", async () => {
    const images = testImages([2, 2, 2, 3]);
    const options = { dataset, rows: 1, columns: 2 };
    await assert.rejects(
      imageGrid(images, labelsOf(0, 3), classNames, options),
      errorWith("ERR_INVALID_VALUE", "0 to 2", "received 3"),
    );
    await assert.rejects(
      imageGrid(images, labelsOf(0), classNames, options),
      errorWith("ERR_SHAPE", "each of 2", "received 1"),
    );
  });

  test("escapes markup in names", async () => {
    const { layout } = storedFigure(
      await imageGrid(testImages([1, 2, 2, 3]), labelsOf(0), ["<a href=x>"], {
        dataset,
        rows: 1,
        columns: 1,
      }),
    );
    assert.equal(layout.annotations[0]!.text, "&lt;a href=x&gt;");
  });
});

describe("classGrid", () => {
  const images = testImages([9, 3, 3, 3]);
  const labels = labelsOf(2, 1, 0, 1, 2, 0, 0, 1, 2);
  const split = { name: "train", images, labels } as const;

  test("draws a row per class in the order of class indices, with the first images of each", async () => {
    const { data, layout } = storedFigure(
      await classGrid(split, classNames, { dataset, perClass: 2 }),
    );
    const image = decode(data[0]!.source);
    const [height, width] = image.shape;
    const pixels = image.dataSync();
    image.dispose();
    // Indices of the first and second image of each class, compared by their upper left pixels.
    const indices = [
      [2, 5],
      [1, 3],
      [0, 4],
    ];
    assert.equal(width, 2 * 3 + 4);
    assert.equal(height, 3 * (3 + 4));
    indices.forEach((row, label) =>
      row.forEach((place, column) => {
        const at = (label * 7 * width + column * 7) * 3;
        assert.deepEqual(
          [...pixels.subarray(at, at + 3)],
          [...images.data.subarray(place * 27, place * 27 + 3)],
        );
      }),
    );
    const names = layout.annotations.filter(({ xref }) => xref !== "paper");
    assert.deepEqual(
      names.map(({ text, y }) => [text, y]),
      [
        ["airplane", 1],
        ["automobile", 8],
        ["bird", 15],
      ],
    );
  });

  test("rejects a class with too few images, and names it", async () => {
    await assert.rejects(
      classGrid(split, classNames, { dataset, perClass: 4 }),
      errorWith("ERR_INVALID_VALUE", "at least 4", 'received 3 of "airplane"'),
    );
  });
});
