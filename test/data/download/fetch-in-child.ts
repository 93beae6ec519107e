/**
 * Brings a data set in, in a process of its own, and tells what goes on as lines of JSON on standard output.
 *
 * It is called with one argument, a JSON object of `entry`, `cache` and `patience`. It halts for good at the stage
 * `halt`, if that is given, so that it can be killed there and nowhere else.
 */
import { writeSync } from "node:fs";
import { obtain } from "../../../src/data/download/obtain";

const { entry, cache, patience, halt } = JSON.parse(process.argv[2]!);

obtain(entry, {
  cache,
  patience,
  report: (moment) => {
    writeSync(1, `${JSON.stringify(moment)}\n`);
    const isThere =
      halt?.stage === moment.stage && halt.fileNumber === moment.fileNumber;
    if (isThere) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
  },
}).catch((error: Error) => {
  console.log(JSON.stringify({ stage: "failed", note: error.message }));
  process.exitCode = 1;
});
