/**
 * Defines tests of random programs, one per seed, and a test of the share of compiled steps.
 */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { judge, type Judgment } from "./judgment";
import { drawPlan } from "./program-drawing";

/** Minimum share of compiled steps in programs without custom code. */
const leastCompiled = 0.4;

/** Minimum share of these programs that have any compiled steps; a few fail earlier. */
const leastPrograms = 0.85;

/** Maximum shares of programs that end with an error, or that are judged by measured rounding. */
const mostErrors = 0.2;
const mostRounding = 0.05;

/** Returns the command that runs one seed alone. */
const replay = (seed: number) =>
  `CONVNOTES_FUZZ_FIRST=${seed} CONVNOTES_FUZZ_COUNT=1 npm run test:long -- engine-fuzz`;

/** Defines tests of `count` programs. */
export function testSeeds(first: number, count: number): void {
  const judgments: Judgment[] = [];

  describe(`programs of the seeds ${first} to ${first + count - 1}`, () => {
    for (let seed = first; seed < first + count; seed += 1) {
      test(`seed ${seed}`, async () => {
        const plan = drawPlan(seed);
        const judgment = await judge(plan);
        judgments.push(judgment);
        const { verdict, difference, notes } = judgment;
        assert.notEqual(
          verdict,
          "different",
          [
            difference,
            ...notes.filter((note) => note.startsWith("convnotes")),
            `Again: ${replay(seed)}`,
            JSON.stringify(plan, undefined, 1),
          ].join("\n"),
        );
      });
    }
  });

  test("programs without custom code are compiled, and few end with an error or need measured rounding", (context) => {
    const stock = judgments.filter(({ isStock }) => isStock);
    const sum = (of: (judgment: Judgment) => number) =>
      stock.reduce((total, each) => total + of(each), 0);
    const compiled = sum((each) => each.compiled);
    const all = compiled + sum((each) => each.stepByStep);
    const share = (is: (judgment: Judgment) => boolean) =>
      judgments.filter(is).length / judgments.length;
    const errors = share(({ error }) => error !== undefined);
    const rounding = share(({ verdict }) => verdict === "rounding");
    const seeds = stock.filter((each) => each.compiled > 0).length;
    context.diagnostic(
      `${stock.length} of ${judgments.length} programs without custom code, ${seeds} of these with compiled steps: ${compiled} of ${all} steps; ${errors * 100} % end with an error, ${rounding * 100} % judged by measured rounding`,
    );
    // The shares are meaningless for a few seeds.
    if (count < 30) return;
    assert.ok(compiled >= leastCompiled * all, `${compiled} of ${all}`);
    assert.ok(seeds >= leastPrograms * stock.length, `${seeds} programs`);
    assert.ok(errors <= mostErrors, `${errors} end with an error`);
    assert.ok(rounding <= mostRounding, `${rounding} by rounding`);
  });
}
