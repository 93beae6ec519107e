/**
 * Tests the cpu backend while the engine is on, each program in a separate process. 20 s.
 */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import path from "node:path";
import { describe, test } from "node:test";

const programs = path.join(__dirname, "backend-programs.ts");
const register = require.resolve("../../../kernel/dist/typescript-register.js");

/** Returns the output of a program, one line of JSON. */
function outputOf(name: string, state: "on" | "off"): unknown {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    ["--expose-gc", "--require", register, programs, name],
    {
      encoding: "utf8",
      env: {
        ...process.env,
        CONVNOTES_ENGINE: state,
        TF_CPP_MIN_LOG_LEVEL: "2",
      },
    },
  );
  assert.equal(status, 0, `engine ${state}: ${stderr.slice(-800)}`);
  return JSON.parse(stdout.trim().split("\n").at(-1)!);
}

describe("the cpu backend", () => {
  for (const name of ["training", "collection", "return", "reading"]) {
    test(`${name}: as with the engine off`, () => {
      const off = outputOf(name, "off") as number[];
      const on = outputOf(name, "on") as number[];
      assert.equal(on.length, off.length);
      for (const [index, value] of on.entries()) {
        const apart = Math.abs(value - off[index]!);
        assert.ok(apart < 1e-4, `number ${index}: ${value}, ${off[index]}`);
      }
    });
  }
});
