/**
 * The C++ of the native step under the sanitizers of addresses and of undefined behaviour: programs of random models on every vector
 * width, with usual and with odd numbers, have the same bits on 1, 2 and 4 threads, and widths agree to rounding.
 *
 * Some three minutes, most of it for compiling. `CONVNOTES_FUZZ_FIRST` and `CONVNOTES_FUZZ_COUNT` choose other models.
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
  // Also what lies behind the end of a std::vector, but in its memory.
  ...["-fno-sanitize-recover=all", "-D_GLIBCXX_ASSERTIONS"],
];
const folder = mkdtempSync(path.join(tmpdir(), "convnotes-sanitizers-"));
after(() => rmSync(folder, { recursive: true }));

const compiler = machineCompiler();

/** Why there is nothing to try; false where there is. */
function whyNot(): string | false {
  if (compiler === undefined) return "needs a C++ compiler";
  const source = path.join(folder, "trial.cc");
  const file = path.join(folder, "trial");
  writeFileSync(source, "int main() {}\n");
  const [program, ...leading] = compiler as [string, ...string[]];
  const parameters = [...leading, ...options, source, "-o", file];
  const isMade = spawnSync(program, parameters).status === 0;
  if (isMade && spawnSync(file).status === 0) return false;
  return `needs a C++ compiler with sanitizers; ${program} has none that work here`;
}

describe("the native step under sanitizers", { skip: whyNot() }, () => {
  const file = path.join(folder, "programs");
  const results = path.join(folder, "results");
  let programs: readonly RecordedProgram[];

  before(async () => {
    programs = await writePrograms(file);
  });

  test("has no fault, and the same bits on any number of threads", async () => {
    const driver = await buildDriver(folder, { compiler: compiler!, options });
    await runDriver([driver], file, results, (program) =>
      String(programs[program]?.title),
    );
    assert.ok(widthsOf(results).length > 0);
  });

  test("computes the same to rounding on every width", (context) => {
    const [one, ...others] = widthsOf(results);
    for (const other of others) {
      const largest = assertSameToRounding(
        programs,
        `${results}.${one}`,
        `${results}.${other}`,
      );
      context.diagnostic(`${one} and ${other}: ${largest} apart at most`);
    }
  });
});
