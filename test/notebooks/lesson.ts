/**
 * Tests a lesson by its table of facts: runs it once in quick mode on the synthetic images and
 * checks the outputs; also checks the run stored in the repository.
 */
import { after, before, describe, test } from "node:test";
import { resultRows } from "../../scripts/lessons/results";
import type { ResultRow } from "../../src/course/result-row";
import { noKernel } from "../lessons/notebook-file";
import {
  assertPage,
  assertQuiet,
  Executed,
  quickRun,
  storedLesson,
  type QuickRun,
} from "./executed-notebook";
import { checksOf, type Facts } from "./facts";

/** An executed notebook and the results in it. */
export type Run = Pick<QuickRun, "executed" | "rows">;

/** Returns what is expected of a run, given its results. */
export type Part<Of extends Run> = (
  rows: readonly ResultRow[],
  run: Of,
) => Facts;

/** Declares the tests of a lesson. */
export function testLesson(
  lesson: number,
  parts: {
    /** What holds in any mode and on any images. */
    readonly always: Part<Run>;
    readonly quick: Part<QuickRun>;
    readonly stored: Part<Run>;
  },
): void {
  const { always, quick, stored } = parts;
  describe(`lesson ${lesson} in quick mode`, { skip: noKernel }, () => {
    let run: QuickRun;
    before(async () => {
      run = await quickRun(lesson);
    });
    after(() => run?.remove());

    testPart("facts of any run", always, () => run);
    testPart("facts of a quick run", quick, () => run);
    test("no cell wrote to standard error or failed", () =>
      assertQuiet(run.executed));
    test("its page contains every figure and one copy of plotly.js", () =>
      assertPage(run));
  });

  describe(`lesson ${lesson} as stored in the repository`, () => {
    const file = storedLesson(lesson);
    const rows = resultRows(file, { lesson, mode: "full" });
    const run = { executed: new Executed(file), rows };
    testPart("facts of any run", always, () => run);
    testPart("facts of the full run", stored, () => run);
  });
}

function testPart<Of extends Run>(
  title: string,
  part: Part<Of>,
  run: () => Of,
): void {
  test(title, async (context) => {
    const { executed, rows } = run();
    const checks = checksOf(part(rows, run()), executed, rows);
    for (const [name, check] of Object.entries(checks)) {
      await context.test(name, check);
    }
  });
}
