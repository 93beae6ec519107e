/**
 * Measures a statement in many loops for `%timeit`.
 *
 * The loops are part of the cell, not of a function around the statement, so that its types and its
 * `await` are those of the cell. The measurement controls them as an iterator: it yields the runs,
 * and each run says how often to loop.
 */
import { coded } from "@convnotes/notebook/coded-error";
import { count } from "@convnotes/notebook/quantity";
import { secondsText } from "./stopwatches";

/** One run of a measurement. */
export interface LoopRun {
  /** Starts the clock. Returns the number of loops. */
  begin(): number;
}

/** The number of runs by default, as in IPython. */
const RUNS = 7;

/** The least time of a run with the number of loops that is chosen, in seconds. */
const ENOUGH_SECONDS = 0.2;

/** The most loops that are chosen. */
const MOST_LOOPS = 1e9;

/** How many times as long as the fastest run the slowest must be for a note. */
const UNEVEN = 4;

/**
 * Yields the runs of a measurement. Prints the mean and the standard deviation of the time per loop
 * after the last one.
 *
 * @param options "-n LOOPS" and "-r RUNS"; both may be absent.
 * @param print Prints text in the cell.
 * @throws {Error} ERR_USAGE if the options are others.
 */
export function* loopRuns(
  options: string,
  print: (text: string) => void,
): Generator<LoopRun, void, void> {
  const { loops: asked, runs } = parsed(options);
  const measure = function* (loops: number): Generator<LoopRun, number, void> {
    let began: number | undefined;
    yield {
      begin: () => {
        began = performance.now();
        return loops;
      },
    };
    // The measured code may have left the loop by an exception, which ends this generator instead.
    return (performance.now() - (began ?? performance.now())) / 1000;
  };
  let loops = asked ?? 1;
  if (asked === undefined) {
    for (const next of loopCounts()) {
      loops = next;
      if ((yield* measure(loops)) >= ENOUGH_SECONDS) break;
    }
  }
  const times: number[] = [];
  for (let run = 0; run < runs; run += 1) {
    times.push((yield* measure(loops)) / loops);
  }
  print(`${summary(times, loops)}\n`);
}

/** Yields 1, 2, 5, 10, 20, 50 and so on. */
function* loopCounts(): Generator<number> {
  for (let power = 1; power <= MOST_LOOPS; power *= 10) {
    for (const digit of [1, 2, 5]) yield power * digit;
  }
}

function parsed(options: string): { loops: number | undefined; runs: number } {
  const values = new Map<string, number>();
  const rest = options.replaceAll(
    /-([nr])[ \t]*(\d+)/g,
    (_, name: string, value: string) => {
      values.set(name, Number(value));
      return "";
    },
  );
  const isWrong = [...values.values()].some((each) => each < 1);
  if (rest.trim() !== "" || isWrong) {
    throw coded(
      "ERR_USAGE",
      new Error(
        `Expected -n LOOPS and -r RUNS with numbers from 1 before the statement of %timeit, received "${options}".`,
      ),
    );
  }
  return { loops: values.get("n"), runs: values.get("r") ?? RUNS };
}

/** Returns the result as IPython prints it. */
function summary(times: readonly number[], loops: number): string {
  const runs = times.length;
  const mean = times.reduce((sum, each) => sum + each, 0) / runs;
  const variance =
    times.reduce((sum, each) => sum + (each - mean) ** 2, 0) / runs;
  const [fastest, slowest] = [Math.min(...times), Math.max(...times)];
  const note =
    slowest > UNEVEN * fastest && fastest > 0
      ? `The slowest run took ${(slowest / fastest).toFixed(1)} times as long as the fastest.\n`
      : "";
  const inRuns = `mean ± std. dev. of ${runs} run${runs === 1 ? "" : "s"}, ${count(loops)} loop${loops === 1 ? "" : "s"} each`;
  return `${note}${secondsText(mean)} ± ${secondsText(Math.sqrt(variance))} per loop (${inRuns})`;
}
