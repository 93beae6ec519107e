/**
 * Measures the peak operations per second of all cores with a small C++ program.
 */
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import os from "node:os";
import { join } from "node:path";
import { root } from "./job.mjs";

const source = join(root, "bench", "training", "peak-rate.cc");

/**
 * Compiles the program in a temporary folder and runs it, which takes about two seconds.
 *
 * @returns {number | undefined} Floating-point operations per second; undefined without a C++
 *   compiler.
 */
export function peakRate() {
  const folder = mkdtempSync(join(os.tmpdir(), "convnotes-peak-"));
  const program = join(folder, "peak-rate");
  try {
    const compiler = process.env["CXX"] || "c++";
    const options = ["-O3", "-march=native", "-ffp-contract=fast", "-pthread"];
    const compiled = spawnSync(compiler, [...options, source, "-o", program]);
    if (compiled.status !== 0) return undefined;
    const { status, stdout } = spawnSync(program, { encoding: "utf8" });
    const rate = Number(stdout);
    return status === 0 && rate > 0 ? rate : undefined;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
