/**
 * Measures reading a data set's files with convnotes, in a separate process.
 *
 * `--folder` names the folder of the files; without it nothing is read, which gives the memory of
 * the process itself. Prints one line of JSON: seconds, seconds of CPU time, peak resident memory
 * in bytes, and with `--digest` the SHA-256 of all images and labels.
 */
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import path from "node:path";
import { parseArgs } from "node:util";
import { readRecords } from "../../src/data/binary-records";
import { cifar10 } from "../../src/data/catalog/cifar-10";
import { load } from "../../src/data/load";
import type { NdArray } from "../../src/data/nd-array";
import { coded } from "../../src/notebook/coded-error";

interface Arrays {
  readonly images: NdArray;
  readonly labels: NdArray;
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      set: { type: "string" },
      folder: { type: "string" },
      digest: { type: "boolean" },
    },
  });
  const { folder, set } = values;
  if (folder === undefined) {
    console.log(JSON.stringify({ peak: peakMemory() }));
    return;
  }
  const read = set === "fashion-mnist" ? readFashion : readCifar;
  const began = performance.now();
  const beganCpu = process.cpuUsage();
  const splits = await read(folder);
  const seconds = (performance.now() - began) / 1000;
  const { user, system } = process.cpuUsage(beganCpu);
  const cpuSeconds = (user + system) / 1e6;
  const peak = peakMemory();
  const hash = createHash("sha256");
  if (values.digest === true) {
    for (const { images, labels } of splits) {
      hash.update(images.data).update(labels.data);
    }
  }
  const digest = hash.digest("hex");
  console.log(JSON.stringify({ seconds, cpuSeconds, peak, digest }));
}

async function readCifar(folder: string): Promise<Arrays[]> {
  const { layout } = cifar10;
  if (layout.kind !== "records")
    throw coded(
      "ERR_INTERNAL",
      new Error("Expected CIFAR-10's layout to be records"),
    );
  const filesOf = (names: readonly string[]) =>
    names.map((name) => ({ path: path.join(folder, name), records: 10_000 }));
  return [
    await readRecords(filesOf(layout.train), layout.labelClasses),
    await readRecords(filesOf(layout.test), layout.labelClasses),
  ];
}

async function readFashion(folder: string): Promise<Arrays[]> {
  const { train, test } = await load("fashion-mnist", { folder });
  return [train, test];
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
