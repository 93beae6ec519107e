/**
 * Measures reading CIFAR-10's files with convnotes, in a separate process.
 *
 * `--folder` names the folder of the six files; without it nothing is read, which gives the memory
 * of the process itself. Prints one line of JSON: seconds, peak resident memory in bytes, and with
 * `--digest` the SHA-256 of all images and labels.
 */
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import path from "node:path";
import { parseArgs } from "node:util";
import { readRecords } from "../../src/data/binary-records";
import { cifar10 } from "../../src/data/catalog/cifar-10";
import { coded } from "../../src/notebook/coded-error";

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: { folder: { type: "string" }, digest: { type: "boolean" } },
  });
  const { folder } = values;
  if (folder === undefined) {
    console.log(JSON.stringify({ peak: peakMemory() }));
    return;
  }
  const { layout } = cifar10;
  if (layout.kind !== "records")
    throw coded(
      "ERR_INTERNAL",
      new Error("Expected CIFAR-10's layout to be records"),
    );
  const filesOf = (names: readonly string[]) =>
    names.map((name) => ({ path: path.join(folder, name), records: 10_000 }));
  const began = performance.now();
  const splits = [
    await readRecords(filesOf(layout.train), layout.labelClasses),
    await readRecords(filesOf(layout.test), layout.labelClasses),
  ];
  const seconds = (performance.now() - began) / 1000;
  const peak = peakMemory();
  const hash = createHash("sha256");
  if (values.digest === true) {
    for (const { images, labels } of splits) {
      hash.update(images.data).update(labels.data);
    }
  }
  console.log(JSON.stringify({ seconds, peak, digest: hash.digest("hex") }));
}

/**
 * Returns the peak memory in bytes. Linux counts it from the start of the program; getrusage also
 * includes the parent process.
 */
function peakMemory(): number {
  if (process.platform !== "linux")
    return process.resourceUsage().maxRSS * 1024;
  const status = readFileSync("/proc/self/status", "utf8");
  return Number(/VmHWM:\s*(\d+) kB/.exec(status)![1]) * 1024;
}

void main();
