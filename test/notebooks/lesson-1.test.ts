/**
 * Tests lesson 1: the facts fixed by its source, and what its added cells show.
 */
import assert from "node:assert/strict";
import { readNotebook, type Notebook } from "../../scripts/handouts/notebook";
import { storedLesson, type QuickRun } from "./executed-notebook";
import { real, without } from "./facts";
import { testLesson } from "./lesson";

const base = `conv2d (Conv2D) | (None, 30, 30, 32) | 896
  max_pooling2d (MaxPooling2D) | (None, 15, 15, 32) | 0
  conv2d_1 (Conv2D) | (None, 13, 13, 64) | 18,496
  max_pooling2d_1 (MaxPooling2D) | (None, 6, 6, 64) | 0
  conv2d_2 (Conv2D) | (None, 4, 4, 64) | 36,928`;
const head = `flatten (Flatten) | (None, 1024) | 0
  dense (Dense) | (None, 64) | 65,600
  dense_1 (Dense) | (None, 10) | 650`;

/** The solutions of the exercises pass their checks. */
const rightAnswers = Object.fromEntries(
  ["edges", "padding", "loss"].map((exercise) => [
    `#lesson-1-exercise-${exercise}-check`,
    [/^✓ right: lesson-1\//],
  ]),
);

const inGroups = (count: number) => count.toLocaleString("en-US");

/** Returns the lines of the table of epochs. */
const epochLines = (text: string) =>
  text.split("\n").filter((line) => /^ *\d+ +[\d.]+ s +[\d.]+ /.test(line));

testLesson(1, {
  always: ([row]) => {
    const shapes = (samples: number) =>
      `(${samples}, 32, 32, 3) uint8, labels (${samples}, 1)`;
    return {
      texts: {
        S6: [shapes(row!.trainSamples), shapes(row!.testSamples), "float32"],
        S9: [/^Model: "sequential"$/m],
        S11: [/^Model: "sequential"$/m],
      },
      summaries: {
        S9: { layers: base, total: "56,320" },
        S11: { layers: `${base}\n${head}`, total: "122,570" },
      },
    };
  },

  quick: ([row], { executed, events, page }) => {
    const loss = row!.testLoss.toFixed(4);
    const accuracy = row!.testAccuracy.toFixed(4);
    const steps = inGroups(Math.ceil(row!.trainSamples / 32));
    const validationSteps = inGroups(Math.ceil(row!.testSamples / 32));
    return {
      results: [
        {
          lesson: 1,
          mode: "quick",
          model: /CNN/,
          provenance: "synthetic",
          seed: 1,
          parameters: 122_570,
          batchSize: 32,
          sourceLoss: 0.9265,
          sourceAccuracy: 0.703,
          trainSamples: { from: 1000, below: 50_000 },
          testSamples: { from: 100, below: 10_000 },
          // A quick run takes less than a fifth of the full run's steps.
          epochs: { from: 2, below: 100_000 / row!.trainSamples },
          secondsPerEpoch: { above: 0 },
          // Guessing gives the loss ln 10 = 2.30 and the accuracy 0.1.
          testLoss: { above: 0, below: 2.2 },
          testAccuracy: { above: 0.2, below: 1 },
        },
      ],
      texts: {
        S6: [/synthetic/i],
        S12: [
          new RegExp(`in ${steps} steps of 32; .* in ${validationSteps} steps`),
          without("· step "),
          // With the softmax applied twice, as the source is written, the loss has a bound, and
          // the trained model's loss is above it.
          /softmax taken twice: 1\.4612, by hand 1\.4612/,
          [
            /^softmax taken twice, same model +(\d\.\d{4})$/m,
            { above: 1.4612 },
          ],
        ],
        S13: [`test set: loss ${loss}, accuracy ${accuracy}`],
        "#lesson-1-settings": [
          /^quick mode: 20 epochs, batch size 32, seed 1; 1,500 training images/,
        ],
        ...rightAnswers,
      },
      synthetic: { S5: 1, S7: 1, S13: 1 },
      checks: {
        "an epoch takes as many steps of 32 as the samples fill"() {
          const { trainSamples, epochs } = row!;
          const seen = progressOf(events);
          // At most four lines per second: a fast machine trains some epochs between two lines.
          assert.ok(seen.length > 1, `${seen.length} lines of progress`);
          const steps = inGroups(Math.ceil(trainSamples / 32));
          for (const [, , ofEpochs, ofSteps] of seen) {
            assert.deepEqual([ofEpochs, ofSteps], [String(epochs), steps]);
          }
          const shown = seen.map(([, epoch]) => Number(epoch));
          assert.deepEqual(
            shown,
            [...shown].sort((one, other) => one - other),
          );
          assert.ok(shown[0]! >= 1 && shown.at(-1)! <= epochs);
        },

        "progress is one output, which ends as the table of all epochs"() {
          const { epochs, testLoss, testAccuracy } = row!;
          const tables = executed
            .texts("S12")
            .filter((text) => /^epoch +time/.test(text));
          assert.equal(tables.length, 1);
          assert.equal(tables[0]!.match(/^ *\d+ /gm)!.length, epochs);
          const written = epochLines(executed.text("S12"));
          assert.deepEqual(
            written.map((line) => parseInt(line)),
            Array.from({ length: epochs }, (_, index) => index + 1),
          );
          // `evaluate` gives the last validation results, and the result row has them.
          assert.deepEqual(
            written.at(-1)!.trim().split(/ +/).slice(-2),
            [testLoss, testAccuracy].map((value) => value.toFixed(4)),
          );
        },

        "the grid of 25 images has a class name under each"() {
          const { layout } = JSON.parse(executed.figures("S7")[0]!) as {
            layout: { annotations: { text: string }[] };
          };
          const names = layout.annotations
            .map(({ text }) => text)
            .filter((text) => !text.startsWith("Data:"));
          assert.equal(names.length, 25);
          const classes =
            /^(?:airplane|automobile|bird|cat|deer|dog|frog|horse|ship|truck)$/;
          for (const name of names) assert.match(name, classes);
        },

        "its page contains four figures and highlighted code"() {
          assert.equal(page.split("<figure ").length - 1, 4);
          assert.match(page, /<span class="tok-keyword">const<\/span>/);
        },
      },
    };
  },

  stored: () => ({
    results: [
      {
        trainSamples: 50_000,
        testSamples: 10_000,
        epochs: 10,
        batchSize: 32,
        provenance: real,
        testAccuracy: { from: 0.68, to: 0.73 },
      },
    ],
    texts: { S12: [/in 1,563 steps of 32; .* in 313 steps/] },
    checks: {
      "each slide of the source begins a slide, and only these do": () =>
        assertSlides(readNotebook(storedLesson(1))),
    },
  }),
});

/** Asserts that a slide begins exactly where a row of the source begins. */
function assertSlides({ cells }: Notebook): void {
  const begin = cells.filter(({ metadata }) => slideType(metadata) === "slide");
  assert.deepEqual(
    begin.map(({ metadata }) => rowOf(metadata)),
    Array.from({ length: 15 }, (_, index) => `S${index + 1}`),
  );
  let row: string | undefined;
  for (const { id, metadata } of cells) {
    assert.match(slideType(metadata), /^(?:slide|subslide|fragment|notes|-)$/);
    const own = rowOf(metadata);
    if (own === undefined) continue;
    assert.equal(own !== row, slideType(metadata) === "slide", `cell ${id}`);
    row = own;
  }
}

const slideType = (metadata: Record<string, unknown>) =>
  String((metadata["slideshow"] as { slide_type?: string })?.slide_type);

const rowOf = (metadata: Record<string, unknown>) =>
  (metadata["mirrors"] as { row?: string }).row;

function progressOf(events: QuickRun["events"]): RegExpMatchArray[] {
  const pattern = /epoch (\d+)\/(\d+) · step [\d,]+\/([\d,]+)/g;
  return events.flatMap((event) =>
    event.event === "progress" ? [...event.text.matchAll(pattern)] : [],
  );
}
