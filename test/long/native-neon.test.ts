/**
 * The native step on ARM: compiled for it by Zig's compiler, run under qemu-user, and held to what plain vectors compute here.
 *
 * Some four minutes. `CONVNOTES_FUZZ_FIRST` and `CONVNOTES_FUZZ_COUNT` choose other models.
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
/** The value of e_machine of a program for 64-bit ARM. */
const aarch64 = 183;

const isPlain = process.arch === "x64" && process.platform === "linux";

describe(
  "the native step for ARM",
  { skip: isPlain ? false : "compares ARM with x64 on Linux" },
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
      const place = path.join(folder, name);
      mkdirSync(place);
      const widths = ["neon", "sse"];
      return buildDriver(place, { compiler: compiler!, kind, options, widths });
    };

    test("is compiled by Zig's compiler", async (context) => {
      if (compiler === undefined) return context.skip(reason);
      arm = await build("arm64", "arm64", ["-target", "aarch64-linux-musl"]);
      assert.equal(readFileSync(arm).readUInt16LE(18), aarch64);
    });

    test("computes the same to rounding as plain vectors", async (context) => {
      if (arm === undefined) return context.skip(reason ?? "not compiled");
      if (!hasEmulator) {
        return context.skip(
          "needs qemu-aarch64, in Debian's package qemu-user",
        );
      }
      const plain = await build("x64", "x64", []);
      const ofPlain = path.join(folder, "of-x64");
      const ofArm = path.join(folder, "of-arm64");
      await runDriver([plain], file, ofPlain, titleOf);
      await runDriver(["qemu-aarch64", arm], file, ofArm, titleOf);
      assert.deepEqual(widthsOf(ofArm), ["neon"]);
      const largest = assertSameToRounding(
        programs,
        `${ofPlain}.sse`,
        `${ofArm}.neon`,
      );
      context.diagnostic(`neon and sse: ${largest} apart at most`);
    });
  },
);
