/**
 * Tests lesson 2: the facts fixed by its source, and the parameter counts of the architectures it
 * describes.
 */
import assert from "node:assert/strict";
import { noBrowser } from "../jupyterlab/browser";
import { lines } from "./executed-notebook";
import { real, without } from "./facts";
import { testLesson } from "./lesson";

/** All fourteen rows, including those missing in the source's copy. */
const layers = `conv2d (Conv2D) | (None, 28, 28, 64) | 3,200
  max_pooling2d (MaxPooling2D) | (None, 14, 14, 64) | 0
  conv2d_1 (Conv2D) | (None, 14, 14, 128) | 73,856
  conv2d_2 (Conv2D) | (None, 14, 14, 128) | 147,584
  max_pooling2d_1 (MaxPooling2D) | (None, 7, 7, 128) | 0
  conv2d_3 (Conv2D) | (None, 7, 7, 256) | 295,168
  conv2d_4 (Conv2D) | (None, 7, 7, 256) | 590,080
  max_pooling2d_2 (MaxPooling2D) | (None, 3, 3, 256) | 0
  flatten (Flatten) | (None, 2304) | 0
  dense (Dense) | (None, 128) | 295,040
  dropout (Dropout) | (None, 128) | 0
  dense_1 (Dense) | (None, 64) | 8,256
  dropout_1 (Dropout) | (None, 64) | 0
  dense_2 (Dense) | (None, 10) | 650`;

/** Expects the parameter count of a layer or a network, followed by its multiplications. */
const counted = (name: string, parameters: string) =>
  new RegExp(`^${name} .* ${parameters} +[\\d,]+$`, "m");

testLesson(2, {
  always: () => ({
    // The source trains nothing, so it has no results to compare with.
    results: [
      { sourceLoss: null, sourceAccuracy: null, parameters: 1_413_834 },
    ],
    summaries: { C6: { layers, total: "1,413,834" } },
    texts: {
      C6: [without("DIFFERENT"), /590,080 +5 +begins alike/],
      P6b: [
        // LeNet, as in the literature.
        counted("C1", "156"),
        counted("C3", "2,416"),
        counted("C5", "48,120"),
        counted("F6", "10,164"),
        counted("out", "850"),
        counted("total", "61,706"),
        // AlexNet.
        counted("C1", "34,944"),
        counted("C3", "614,656"),
        counted("C5", "885,120"),
        counted("C6", "1,327,488"),
        counted("C7", "884,992"),
        counted("total", "62,378,344"),
        /^two cards +60,965,224$/m,
        /^total +6,998,552 /m,
        /^ResNet-34: 21,797,672 trainable parameters$/m,
        /^GoogLeNet +22 /m,
      ],
    },
  }),

  quick: (_, { executed }) => ({
    // The added training learns something.
    results: [
      { testLoss: { below: Math.log(10) }, testAccuracy: { above: 0.1 } },
    ],
    texts: {
      C1: [
        // Versions are compared as numbers, where string comparison is wrong.
        /^10\.0 +2\.0 +false +true$/m,
        /^3\.10 +3\.5 +false +true$/m,
        // Without a browser, a page is saved instead of an image.
        noBrowser
          ? /^saved as trial\.html$/m
          : /^Saving figure trial\nsaved as trial\.png$/m,
      ],
      C3: [/training images: +NdArray uint8/, /shape: +\[ 3000, 28, 28 \]/],
      C4: [
        /^validation +\(250, 28, 28\) +\(5000, 28, 28\) +float32 +0 +1$/m,
        /^training +\(2750, 28, 28\) +\(55000, 28, 28\) +float32 +0 +1$/m,
      ],
      P4: [/^one 5 × 5 +5 × 5 +1$/m, /^two 3 × 3 +5 × 5 +2$/m],
      // The library's networks have the counts of the lesson's.
      "#lesson-2-library-networks": [
        /^LeNet-5 +([\d,]+) +\1 +([\d,]+) +\2$/m,
        /^AlexNet +([\d,]+) +\1 +([\d,]+) +\2$/m,
        /^GoogLeNet +([\d,]+) +\1 +([\d,]+) +\2$/m,
        /^ResNet-34 +([\d,]+) +\1 +([\d,]+) +\2$/m,
        /^ResNet-34 with 16 blocks +(21,958,868) +\1 /m,
      ],
      "#lesson-2-exercise-three-small-check": [/^✓ right/],
      "#lesson-2-exercise-mean-head-check": [/^✓ right/],
      "#lesson-2-exercise-shortcut-check": [/^✓ right/],
      // A changed bias changes the predictions, and restoring it restores them.
      P6a: [
        [/^Bag +([\d.]+) +([\d.]+) +\1$/m, { below: 0.5 }, { above: 0.99 }],
      ],
    },
    checks: {
      "the layers have as many parameters as the formulas give"() {
        const rows = lines(executed.text("P4"))
          .map((line) => line.trim().split(/ {2,}/))
          .filter((cells) => cells.length === 6 && /^\d+$/.test(cells[0]!));
        assert.deepEqual(
          rows.map(([channels]) => Number(channels)),
          [1, 4, 16, 64, 128, 256],
        );
        for (const [, large, layer, small, both] of rows) {
          assert.deepEqual([large, small], [layer, both]);
        }
      },
    },
  }),

  stored: () => ({
    results: [{ testSamples: 10_000, provenance: real }],
    texts: {
      C3: [/shape: +\[ 60000, 28, 28 \]/],
      C4: [/^validation +\(5000, 28, 28\) /m, /^training +\(55000, 28, 28\) /m],
    },
  }),
});
