/** Describes the machine that a benchmark ran on. */
import { readFileSync } from "node:fs";
import os from "node:os";

/**
 * @typedef {object} Machine
 * @property {string | undefined} processor Model name of the processor.
 * @property {string | undefined} vectors The widest vector instructions, on x64 with Linux.
 * @property {number} cores
 * @property {number} memoryGigabytes
 * @property {string} system
 * @property {string} node Version of Node.
 */

/** @returns {Machine} The current machine. */
export function thisMachine() {
  return {
    processor: os.cpus()[0]?.model,
    vectors: widestVectors(),
    cores: os.cpus().length,
    memoryGigabytes: Math.round(os.totalmem() / 2 ** 30),
    system: `${os.platform()} ${os.release()} ${os.arch()}`,
    node: process.versions.node,
  };
}

/**
 * @param {Partial<Machine>} machine
 * @returns {string} A one-line description.
 */
export function machineText({ processor, vectors, cores, memoryGigabytes }) {
  const name =
    processor?.replaceAll(/\((R|TM)\)/g, "") ?? "an unknown processor";
  const width = vectors === undefined ? "" : ` with ${vectors}`;
  return `${name}${width}, ${cores} cores, ${memoryGigabytes} GB`;
}

/** @returns {string | undefined} AVX-512 or AVX2; undefined if the system does not report it. */
function widestVectors() {
  try {
    const flags = readFileSync("/proc/cpuinfo", "utf8");
    if (/\bavx512f\b/.test(flags)) return "AVX-512";
    return /\bavx2\b/.test(flags) ? "AVX2" : undefined;
  } catch {
    return undefined;
  }
}
