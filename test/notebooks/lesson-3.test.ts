/**
 * Tests lesson 3: the facts fixed by its source, with the data of a new clone in quick mode, and
 * what its added cells show.
 */
import assert from "node:assert/strict";
import type { ResultRow } from "../../src/course/result-row";
import { lines } from "./executed-notebook";
import { near, real, without, type Summary } from "./facts";
import { testLesson } from "./lesson";

/**
 * The four summaries by row of the lesson, including the rows and totals missing in the source's
 * copy.
 */
const summaries: Record<string, Summary> = {
  C3: {
    layers: `flatten (Flatten) | (None, 784) | 0
      dense (Dense) | (None, 16) | 12,560
      dense_1 (Dense) | (None, 8) | 136
      dense_2 (Dense) | (None, 10) | 90`,
    total: "12,786",
    size: "49.95 KB",
  },
  C6: {
    layers: `conv2d (Conv2D) | (None, 25, 25, 32) | 544
      max_pooling2d (MaxPooling2D) | (None, 12, 12, 32) | 0
      flatten (Flatten) | (None, 4608) | 0
      dense (Dense) | (None, 16) | 73,744
      dense_1 (Dense) | (None, 8) | 136
      dense_2 (Dense) | (None, 10) | 90`,
    total: "74,514",
    size: "291.07 KB",
  },
  C12: {
    layers: `flatten (Flatten) | (None, 3072) | 0
      dense (Dense) | (None, 16) | 49,168
      dense_1 (Dense) | (None, 8) | 136
      dense_2 (Dense) | (None, 20) | 180`,
    total: "49,484",
    size: "193.30 KB",
  },
  C15: {
    layers: `conv2d (Conv2D) | (None, 29, 29, 32) | 1,568
      max_pooling2d (MaxPooling2D) | (None, 14, 14, 32) | 0
      flatten (Flatten) | (None, 6272) | 0
      dense (Dense) | (None, 16) | 100,368
      dense_1 (Dense) | (None, 8) | 136
      dense_2 (Dense) | (None, 20) | 180`,
    total: "102,252",
    size: "399.42 KB",
  },
};

/** The source's loss and accuracy on the unscaled test images, and the number of classes. */
const source = [
  ["3a", 68.994, 0.8153, 10],
  ["3b", 58.214, 0.8378, 10],
  ["3c", 100.514, 0.1051, 20],
  ["3d", 280.356, 0.1821, 20],
] as const;

const drawn = { model: /drawn/, provenance: "synthetic", sourceLoss: null };

testLesson(3, {
  always: (rows) => ({
    summaries,
    results: [
      ...source.flatMap(([model, sourceLoss, sourceAccuracy]) => [
        {
          model: new RegExp(`^${model} (?!.*drawn)`),
          sourceLoss,
          sourceAccuracy,
        },
        {
          model: new RegExp(`^${model} (?!.*drawn).*test scaled$`),
          sourceLoss: null,
          sourceAccuracy: null,
          testLoss: { below: 3.2 },
        },
      ]),
      drawn,
      drawn,
    ],
    checks: {
      "unscaled test images give a large loss, scaled ones a loss below guessing"() {
        for (const [index, [model, , , classes]] of source.entries()) {
          const unscaled = rows[2 * index]!;
          const scaled = rows[2 * index + 1]!;
          assert.equal(unscaled.parameters, scaled.parameters);
          const guessing = Math.log(classes);
          if (model === "3c" && scaled.testLoss > guessing - 0.01) {
            // A layer of this narrow network has died, as the lesson explains: its output does
            // not depend on the input.
            assert.ok(Math.abs(unscaled.testLoss - scaled.testLoss) < 0.05);
            continue;
          }
          // The mistake and its fix, on the same network: losses far apart, above what clipped
          // probabilities could give, and below guessing.
          assert.ok(
            unscaled.testLoss > -Math.log(1e-7),
            `${unscaled.testLoss}`,
          );
          assert.ok(scaled.testLoss < guessing, `${scaled.testLoss}`);
        }
      },
    },
  }),

  quick: (rows, { executed }) => {
    const { trainSamples, testSamples } = rows[0]!;
    const split = (name: string, samples: number, largest: number) =>
      new RegExp(`${name} +\\(${samples}, 28, 28\\) +0 +${largest}$`, "m");
    const labels = Array.from({ length: 20 }, (_, label) => label).join(" ");
    // Learns: better than guessing one class of ten, and of twenty.
    const accuracies = new Map([
      [1, { above: 0.5 }],
      [3, { above: 0.5 }],
      [9, { above: 0.08 }],
    ]);
    return {
      results: rows.map((_, index) => ({
        epochs: 10,
        testAccuracy: accuracies.get(index) ?? {},
      })),
      texts: {
        // The first images are used for validation, and the test images are not scaled.
        C2: [
          split("training", trainSamples, 1),
          split("validation", trainSamples / 14, 1),
          split("test", testSamples, 255),
        ],
        // An epoch has the source's number of steps, though there are fewer images.
        C4: [/in 56 steps of .* in 4 steps/],
        C7: [/in 28 steps of .* in 2 steps/],
        C13: [/in 46 steps of .* in 4 steps/],
        C16: [/in 23 steps of .* in 2 steps/],
        // The coarse labels are 0 to 19, each a family of five.
        C11: [
          `at hand: ${labels}`,
          /0 +aquatic_mammals +beaver, dolphin, otter, seal, whale/,
        ],
        // A dense network is as accurate on permuted pixels.
        P5: [[/probabilities: ([\d.e+-]+)/, { below: 1e-4 }]],
        // The checks accept the solutions of the exercises.
        "#lesson-3-exercise-prepared-check": [/^✓ right/],
        "#lesson-3-exercise-parameters-check": [/^✓ right/],
        "#lesson-3-exercise-smaller-filters-check": [/^✓ right/],
      },
      checks: {
        "logits 255 times as large fully explain the loss on unscaled images"() {
          const losses = lines(executed.text("C5"))
            .filter((line) => /^0 to (1|255) +(as trained|biases)/.test(line))
            .map((line) => Number(line.split(/ +/).at(-1)));
          assert.equal(losses.length, 3);
          const [, explained, unscaled] = losses as [number, number, number];
          assert.ok(Math.abs(explained / unscaled - 1) < 1e-4, String(losses));
          assert.ok(Math.abs(unscaled - rows[0]!.testLoss) < 1e-3);
        },
      },
    };
  },

  stored: (rows) => {
    // The name of a run says if there were fewer images than in the source.
    const whole = { model: without("part of the set") };
    const fashion = {
      ...whole,
      trainSamples: 56_000,
      testSamples: 10_000,
      provenance: real,
    };
    const cifar = ({ trainSamples }: ResultRow) =>
      trainSamples < 46_000 ? { model: /part of the set/ } : whole;
    const drawn = { ...whole, trainSamples: 46_000 };
    return {
      results: [
        // Within 0.03 of the source's accuracy where the images are the source's.
        { ...fashion, batchSize: 1000, testAccuracy: near(0.8153, 0.03) },
        fashion,
        { ...fashion, batchSize: 2000 },
        fashion,
        ...rows.slice(4, 8).map(cifar),
        drawn,
        drawn,
      ],
    };
  },
});
