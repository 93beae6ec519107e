/**
 * Tests the native step on ARM: compiled by Zig's compiler, run under qemu-user, and compared with
 * the x64 results of the narrowest vectors.
 *
 * Some four minutes. `CONVNOTES_FUZZ_FIRST` and `CONVNOTES_FUZZ_COUNT` select other models.
 */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, before, describe, test } from "node:test";
import { buildDriver, runDriver, widthsOf } from "./native/driver";
import { writePrograms } from "./native/programs";
import type { RecordedProgram } from "./native/recorded-programs";
import { assertSameToRounding } from "./native/results";
import { zigCompiler } from "./native/zig";

const folder = mkdtempSync(path.join(tmpdir(), "convnotes-neon-"));
after(() => rmSync(folder, { recursive: true }));

const hasEmulator = spawnSync("qemu-aarch64", ["--version"]).status === 0;
/** The ELF header's e_machine value for 64-bit ARM. */
const aarch64 = 183;

const isLinuxX64 = process.arch === "x64" && process.platform === "linux";

describe(
  "the native step for ARM",
  { skip: isLinuxX64 ? false : "compares ARM with x64 on Linux" },
  () => {
    const file = path.join(folder, "programs");
    const titleOf = (program: number) => String(programs[program]?.title);
    let programs: readonly RecordedProgram[] = [];
    let compiler: readonly string[] | undefined;
    let reason: string | undefined;
    let arm: string | undefined;

    before(async () => {
      const found = zigCompiler(folder);
      if ("compiler" in found) compiler = found.compiler;
      else reason = found.reason;
      programs = await writePrograms(file);
    });

    const build = (name: string, kind: string, options: readonly string[]) => {
      const target = path.join(folder, name);
      mkdirSync(target);
      const widths = ["neon", "sse"];
      return buildDriver(target, {
        compiler: compiler!,
        kind,
        options,
        widths,
      });
    };

    test("is compiled by Zig's compiler", async (context) => {
      if (compiler === undefined) return context.skip(reason);
      arm = await build("arm64", "arm64", ["-target", "aarch64-linux-musl"]);
      assert.equal(readFileSync(arm).readUInt16LE(18), aarch64);
    });

    test("matches SSE up to rounding", async (context) => {
      if (arm === undefined) return context.skip(reason ?? "not compiled");
      if (!hasEmulator) {
        return context.skip(
          "needs qemu-aarch64, in Debian's package qemu-user",
        );
      }
      const plain = await build("x64", "x64", []);
      const x64Results = path.join(folder, "of-x64");
      const armResults = path.join(folder, "of-arm64");
      await runDriver([plain], file, x64Results, titleOf);
      await runDriver(["qemu-aarch64", arm], file, armResults, titleOf);
      assert.deepEqual(widthsOf(armResults), ["neon"]);
      const largest = assertSameToRounding(
        programs,
        `${x64Results}.sse`,
        `${armResults}.neon`,
      );
      context.diagnostic(`neon and sse: differ by at most ${largest}`);
    });
  },
);
