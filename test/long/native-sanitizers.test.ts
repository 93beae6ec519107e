/**
 * Tests the C++ of the native step under the address and undefined-behavior sanitizers.
 *
 * Programs of random models, on every vector width and with ordinary and unusual values, must give
 * the same bits on 1, 2 and 4 threads. Widths must agree up to rounding.
 *
 * Some three minutes, mostly for compiling. `CONVNOTES_FUZZ_FIRST` and `CONVNOTES_FUZZ_COUNT`
 * select other models.
 */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, before, describe, test } from "node:test";
import {
  buildDriver,
  machineCompiler,
  runDriver,
  widthsOf,
} from "./native/driver";
import { writePrograms } from "./native/programs";
import type { RecordedProgram } from "./native/recorded-programs";
import { assertSameToRounding } from "./native/results";

const options = [
  ...["-O1", "-g", "-fsanitize=address,undefined"],
  // Also detects accesses past the end of a std::vector but inside its allocation.
  ...["-fno-sanitize-recover=all", "-D_GLIBCXX_ASSERTIONS"],
];
const folder = mkdtempSync(path.join(tmpdir(), "convnotes-sanitizers-"));
after(() => rmSync(folder, { recursive: true }));

const compiler = machineCompiler();

/** Returns why the test cannot run here, or false if it can. */
function skipReason(): string | false {
  if (compiler === undefined) return "needs a C++ compiler";
  const source = path.join(folder, "trial.cc");
  const file = path.join(folder, "trial");
  writeFileSync(source, "int main() {}\n");
  const [program, ...leading] = compiler as [string, ...string[]];
  const parameters = [...leading, ...options, source, "-o", file];
  const isCompiled = spawnSync(program, parameters).status === 0;
  if (isCompiled && spawnSync(file).status === 0) return false;
  return `needs a C++ compiler with sanitizers; those of ${program} do not work here`;
}

describe("the native step under sanitizers", { skip: skipReason() }, () => {
  const file = path.join(folder, "programs");
  const results = path.join(folder, "results");
  let programs: readonly RecordedProgram[];

  before(async () => {
    programs = await writePrograms(file);
  });

  test("has no errors, and the same bits on any number of threads", async () => {
    const driver = await buildDriver(folder, { compiler: compiler!, options });
    await runDriver([driver], file, results, (program) =>
      String(programs[program]?.title),
    );
    assert.ok(widthsOf(results).length > 0);
  });

  test("all widths agree up to rounding", (context) => {
    const [one, ...others] = widthsOf(results);
    for (const other of others) {
      const largest = assertSameToRounding(
        programs,
        `${results}.${one}`,
        `${results}.${other}`,
      );
      context.diagnostic(`${one} and ${other}: differ by at most ${largest}`);
    }
  });
});
