/**
 * Writes the native programs of random models to a file for `driver.cc`.
 *
 * `CONVNOTES_FUZZ_FIRST` is the first seed, 1 by default. `CONVNOTES_FUZZ_COUNT` is the number of
 * models, 100 by default.
 */
import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { compilation, setEngine, tf } from "../../../src/engine";
import { setSeed } from "../../../src/training/seed";
import { drawTraining } from "./random-training";
import {
  encodePrograms,
  recordPrograms,
  type RecordedProgram,
} from "./recorded-programs";

const first = Number(process.env["CONVNOTES_FUZZ_FIRST"] ?? 1);
const count = Number(process.env["CONVNOTES_FUZZ_COUNT"] ?? 100);

/** Records the programs of all seeds and writes them to a file. */
export async function writePrograms(
  file: string,
): Promise<readonly RecordedProgram[]> {
  const programs: RecordedProgram[] = [];
  setEngine("on");
  for (let seed = first; seed < first + count; seed += 1) {
    setSeed(seed);
    const { title, model, x, y, batchSize } = drawTraining(seed);
    const recorded = await recordPrograms(title, async () => {
      await model.fit(x, y, { batchSize, epochs: 2, verbose: 0 });
      const one = x.slice(0, 1);
      for (const [samples, size] of [
        [x, batchSize],
        [one, 1],
      ] as const) {
        // A step is compiled in the second call.
        for (let call = 0; call < 2; call += 1)
          tf.dispose(model.predict(samples, { batchSize: size }));
      }
      one.dispose();
    });
    const { nativeObstacles, reasons } = compilation(model).training;
    assert.ok(
      recorded.length > 2 && recorded.some(({ rows }) => rows.length === 1),
      `${title}: no native program: ${[...nativeObstacles, ...reasons].join("; ")}`,
    );
    programs.push(...recorded);
    model.dispose();
    x.dispose();
    y.dispose();
  }
  writeFileSync(file, encodePrograms(programs));
  console.log(`${programs.length} programs of ${count} models`);
  return programs;
}
