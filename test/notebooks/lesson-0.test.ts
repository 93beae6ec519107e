/**
 * Tests lesson 0: the facts fixed by its source, and what its experiments on the third network's
 * failure show.
 */
import assert from "node:assert/strict";
import {
  assertValue,
  line,
  near,
  numbersOf,
  real,
  type Summary,
} from "./facts";
import { testLesson } from "./lesson";

const first: Summary = {
  layers: `conv2d (Conv2D) | (None, 30, 30, 32) | 896
    max_pooling2d (MaxPooling2D) | (None, 15, 15, 32) | 0
    conv2d_1 (Conv2D) | (None, 13, 13, 64) | 18,496
    max_pooling2d_1 (MaxPooling2D) | (None, 6, 6, 64) | 0
    conv2d_2 (Conv2D) | (None, 4, 4, 128) | 73,856
    flatten (Flatten) | (None, 2048) | 0
    dense (Dense) | (None, 10) | 20,490`,
  total: "113,738",
};

const second: Summary = {
  layers: `input_layer (InputLayer) | (None, 32, 32, 3) | 0
    conv2d (Conv2D) | (None, 30, 30, 32) | 896
    batch_normalization (BatchNormalization) | (None, 30, 30, 32) | 128
    re_lu (ReLU) | (None, 30, 30, 32) | 0
    max_pooling2d (MaxPooling2D) | (None, 15, 15, 32) | 0
    conv2d_1 (Conv2D) | (None, 15, 15, 64) | 51,264
    batch_normalization_1 (BatchNormalization) | (None, 15, 15, 64) | 256
    re_lu_1 (ReLU) | (None, 15, 15, 64) | 0
    conv2d_2 (Conv2D) | (None, 13, 13, 128) | 73,856
    batch_normalization_2 (BatchNormalization) | (None, 13, 13, 128) | 512
    re_lu_2 (ReLU) | (None, 13, 13, 128) | 0
    flatten (Flatten) | (None, 21632) | 0
    dense (Dense) | (None, 64) | 1,384,512
    dense_1 (Dense) | (None, 10) | 650`,
  total: "1,512,074",
  nonTrainable: "448",
};

const third: Summary = {
  layers: `input_layer (InputLayer) | (None, 32, 32, 3) | 0
    conv2d (Conv2D) | (None, 32, 32, 32) | 896
    batch_normalization (BatchNormalization) | (None, 32, 32, 32) | 128
    re_lu (ReLU) | (None, 32, 32, 32) | 0
    max_pooling2d (MaxPooling2D) | (None, 16, 16, 32) | 0
    conv2d_1 (Conv2D) | (None, 16, 16, 64) | 51,264
    batch_normalization_1 (BatchNormalization) | (None, 16, 16, 64) | 256
    re_lu_1 (ReLU) | (None, 16, 16, 64) | 0
    conv2d_2 (Conv2D) | (None, 16, 16, 128) | 73,856
    batch_normalization_2 (BatchNormalization) | (None, 16, 16, 128) | 512
    re_lu_2 (ReLU) | (None, 16, 16, 128) | 0
    flatten (Flatten) | (None, 32768) | 0
    dense (Dense) | (None, 64) | 2,097,216
    dropout (Dropout) | (None, 64) | 0
    dense_1 (Dense) | (None, 10) | 650`,
  total: "2,224,778",
  nonTrainable: "448",
};

const positive = { above: 0 };
const share = { from: 0, to: 1 };
/** A number of units of the dense layer of 64. */
const units = { from: 0, to: 64 };

testLesson(0, {
  always: ([a, b, c], { executed }) => {
    const { trainSamples, testSamples } = a!;
    const shape = (name: string, samples: number) =>
      new RegExp(`^${name} +\\(${samples}, 32, 32, 3\\) +float32 `, "m");
    const scores = ({ testLoss, testAccuracy }: NonNullable<typeof a>) =>
      [near(testLoss), near(testAccuracy)] as const;
    return {
      summaries: { C4: first, C5: second, C6: third },
      tables: {
        "#lesson-0-first-steps-table": {
          rows: 7,
          columns: [{}, units, units, units],
        },
        "#lesson-0-trials": {
          columns: [{}, {}, {}, share, { to: 1 }, positive, {}, units],
        },
        "#lesson-0-seeds-table": {
          columns: [{}, {}, units, positive, share, share],
        },
      },
      results: [
        { model: "0a CNN", sourceLoss: 0.96415, sourceAccuracy: 0.6675 },
        {
          model: "0b batch normalisation",
          sourceLoss: 1.02851,
          sourceAccuracy: 0.7107,
        },
        {
          model: "0c regularised",
          sourceLoss: 2.06336,
          sourceAccuracy: 0.2179,
        },
      ],
      texts: {
        C3: [shape("training", trainSamples), shape("test", testSamples)],
        C4: [`(${trainSamples}, 32, 32, 3) uint8`, line("here", ...scores(a!))],
        C5: [line("here", ...scores(b!))],
        C6: [
          /^2,224,778 parameters against 1,512,074: 47 % more$/m,
          line("with penalty", ...scores(c!)),
          [/The penalty is ([\d.]+),/, positive],
        ],
        "#lesson-0-averages": [
          line("second", near(b!.testAccuracy), positive, positive),
          line("third", near(c!.testAccuracy), positive, positive),
        ],
      },
      checks: {
        "the third network's loss includes the penalty"() {
          const [loss, bare, penalty] = [
            /^with penalty +([\d.]+)/m,
            /^without penalty +([\d.]+)/m,
            /The penalty is ([\d.]+),/,
          ].map((pattern) => Number(pattern.exec(executed.text("C6"))![1]));
          assertValue(loss, near(bare! + penalty!, 2e-4), "the loss");
        },

        "the third network's history ends with its evaluation, on the same images"() {
          const { epochs, testAccuracy } = c!;
          const { x, y } = curvesOf(executed.figures("C6")[0]!).find(
            ({ name }) => name === "test",
          )!;
          assert.deepEqual([x[0], x.length], [1, epochs]);
          assertValue(y.at(-1), near(testAccuracy), "the last accuracy");
        },

        "a larger dense layer loses more units; a tenth of the learning rate keeps most"() {
          const steps = numbersOf(executed.text("#lesson-0-first-steps-table"));
          assert.deepEqual(
            steps.map(([step]) => step),
            [0, 1, 2, 3, 5, 10, 20],
          );
          const [, secondLive, thirdLive, gentlyLive] = steps.at(-1)!;
          assert.ok(secondLive! < 48 && thirdLive! < secondLive!);
          assert.ok(thirdLive! < 32 && gentlyLive! > 32);
        },

        "trials: a penalty where it was asked for; a smaller learning rate keeps units"() {
          const trials = numbersOf(executed.text("#lesson-0-trials"));
          assert.equal(trials.length % 6, 0);
          for (const [l2, , , , , , penalty] of trials) {
            assert.equal(penalty! > 0, l2! > 0);
          }
          const gentle = numbersOf(executed.text("#lesson-0-gentle"));
          assert.equal(gentle.length, (trials.length * 8) / 6);
          const liveAt = (rate: number) =>
            gentle
              .filter(([learningRate]) => learningRate === rate)
              .map((each) => each.at(-1)!);
          assert.ok(Math.min(...liveAt(3e-5)) > Math.max(...liveAt(3e-4)));
        },

        "seeds: first the run above after two epochs, last at its end, others in between"() {
          const { epochs, testLoss, testAccuracy } = c!;
          const seeds = numbersOf(executed.text("#lesson-0-seeds-table"));
          assert.ok(seeds.length >= 3);
          assert.deepEqual(seeds[0]!.slice(0, 2), [1, 2]);
          const [seed, epoch, , loss, accuracy] = seeds.at(-1)!;
          assert.deepEqual([seed, epoch], [1, epochs]);
          assertValue(loss, near(testLoss), "the loss");
          assertValue(accuracy, near(testAccuracy), "the accuracy");
        },

        "each epoch was evaluated: the figures have as many points as epochs"() {
          const { epochs, testAccuracy } = c!;
          const [accuracies, live] = [
            "#lesson-0-averages-figure",
            "#lesson-0-live-figure",
          ].map((place) => curvesOf(executed.figures(place)[0]!));
          for (const { y } of [...accuracies!, ...live!]) {
            assert.equal(y.length, epochs);
          }
          const last = accuracies![0]!.y.at(-1);
          assertValue(last, near(testAccuracy), "the last accuracy");
        },
      },
    };
  },

  quick: (_, { executed }) => ({
    results: [
      // The first network learns: better than guessing one class of ten.
      {
        provenance: "synthetic",
        testAccuracy: { above: 0.15 },
        testLoss: { below: Math.log(10) },
      },
      { provenance: "synthetic" },
      { provenance: "synthetic" },
    ],
    texts: {
      // Only the third network has validation images; the source uses none.
      C4: ["; no validation; "],
      C5: ["; no validation; "],
      C6: [
        /val_loss +val_accuracy$/m,
        /epochs were trained; the source: 150$/m,
      ],
    },
    synthetic: { C6: 1 },
    checks: {
      "padding: only 9 inside, and a darker border where zeros were added"() {
        const [valid, same] = executed
          .text("C4")
          .split("output:\n")
          .slice(1)
          .map(numbersOf);
        assert.deepEqual(valid!.slice(0, 3), new Array(3).fill([9, 9, 9]));
        const edge = [4, 6, 6, 6, 4];
        const inside = [6, 9, 9, 9, 6];
        assert.deepEqual(same!.slice(0, 5), [
          edge,
          ...[inside, inside, inside],
          edge,
        ]);
      },
    },
  }),

  stored: () => {
    const full = {
      trainSamples: 50_000,
      testSamples: 10_000,
      batchSize: 64,
      provenance: real,
    };
    return {
      results: [
        // The source's accuracy was reached, twice.
        { ...full, epochs: 10, testAccuracy: { from: 0.6675 - 0.03 } },
        { ...full, epochs: 10, testAccuracy: { from: 0.7107 - 0.03 } },
        { ...full, epochs: 150 },
      ],
      texts: { C4: ["in 782 steps of 64;"] },
      tables: {
        "#lesson-0-trials": { rows: 12 },
        "#lesson-0-seeds-table": { rows: 6 },
      },
    };
  },
});

function curvesOf(
  figure: string,
): { name: string; x: number[]; y: number[] }[] {
  return (JSON.parse(figure) as { data: ReturnType<typeof curvesOf> }).data;
}
