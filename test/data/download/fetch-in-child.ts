/**
 * Downloads a data set in a child process and prints progress events as lines of JSON.
 *
 * Takes one argument, a JSON object with `entry`, `cache`, `limits` and optionally `halt`. Halts
 * forever at the event `halt`, so that a test can kill the process at exactly this point.
 */
import { writeSync } from "node:fs";
import { obtain } from "../../../src/data/download/obtain";

const { entry, cache, limits, halt } = JSON.parse(process.argv[2]!);

obtain(entry, {
  cache,
  limits,
  report: (event) => {
    writeSync(1, `${JSON.stringify(event)}\n`);
    const isThere =
      halt?.stage === event.stage && halt.fileNumber === event.fileNumber;
    if (isThere) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
  },
}).catch((error: Error) => {
  console.log(JSON.stringify({ stage: "failed", note: error.message }));
  process.exitCode = 1;
});
