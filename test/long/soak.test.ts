/**
 * A kernel that runs a thousand cells of every kind a notebook has: the memory of each of its processes levels off.
 *
 * Two things are measured. What lives in a process's heap after a collection is exact to some kilobytes a cell, so it finds small
 * leaks in JavaScript. Resident memory swings with the garbage that V8 leaves for a while and takes a step when V8 compiles a large
 * function anew, so it only finds larger ones, but also those of TensorFlow and of V8 itself.
 */
import assert from "node:assert/strict";
import { existsSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { KernelClient } from "../kernel/kernel-client";
import { ProjectFolder } from "../kernel/project-folder";
import { shelfFile, soakRound } from "./soak-cells";

const CELLS = 1000;
const kilobyte = 1024;
const megabyte = 2 ** 20;

/** By how much what lives may grow with each cell: its source, its source map and its history stay. A leak of 20 KB is found. */
const GROWTH_PER_CELL = 12 * kilobyte;
/** By how much resident memory may grow in 500 cells, in megabytes. V8's compiling of a large function may be a step of 80. */
const RESIDENT_GROWTH = { front: 16, compiler: 130, runtime: 24 } as const;

const processNames = ["front", "compiler", "runtime"] as const;
type ProcessName = (typeof processNames)[number];

/** The memory of the three processes after so many cells, in bytes. */
type Sample = Readonly<Record<ProcessName, number>>;

/** Resident memory of a process, in bytes. */
function residentMemory(pid: number): number {
  const status = readFileSync(`/proc/${pid}/status`, "utf8");
  return Number(/VmRSS:\s+(\d+)/.exec(status)![1]) * kilobyte;
}

/** The heap of a process that lives, in bytes; the process has loaded `heap-reporter.cjs`. */
async function livingHeap(pid: number, folder: string): Promise<number> {
  const report = join(folder, `${pid}.json`);
  process.kill(pid, "SIGUSR2");
  for (let tries = 0; !existsSync(report); tries += 1) {
    assert.ok(tries < 3000, `process ${pid} has not told of its heap`);
    await sleep(20);
  }
  const usage = JSON.parse(readFileSync(report, "utf8")) as NodeJS.MemoryUsage;
  rmSync(report);
  return usage.heapUsed + usage.external;
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)]!;
}

function inMegabytes(bytes: number): string {
  return `${(bytes / megabyte).toFixed(1)} MB`;
}

describe(
  "a thousand cells",
  {
    skip:
      process.platform === "linux"
        ? false
        : "reads resident memory from /proc, which only Linux has",
  },
  () => {
    /** After the cells from 300 to 400 and from 800 to 900. */
    const resident: [Sample[], Sample[]] = [[], []];
    /** After every 25th of the cells from 400 to 500 and from 900 to 1,000; a collection makes resident memory smaller. */
    const living: [Sample[], Sample[]] = [[], []];
    let pids: Sample;
    let folder: ProjectFolder;
    let kernel: KernelClient;

    before(async () => {
      folder = new ProjectFolder({ "shelf.ts": shelfFile });
      const reporter = join(__dirname, "heap-reporter.cjs");
      kernel = await KernelClient.start({
        folder: folder.path,
        variables: {
          NODE_OPTIONS: `--require "${reporter}"`,
          HEAP_REPORTS: folder.path,
        },
      });
      for (let index = 0; index < CELLS; index += 1) {
        const cell = soakRound[index % soakRound.length]!;
        const { content, error } = await kernel.execute(cell.code(index));
        const told = JSON.stringify(error ?? content);
        assert.equal(content.status, cell.ends ?? "ok", told);
        await cell.ask?.(kernel);
        pids ??= processIds();
        assert.deepEqual(processIds(), pids, "a process has been replaced");
        const half = index < CELLS / 2 ? 0 : 1;
        const place = index % (CELLS / 2);
        if (place >= 300 && place < 400) {
          resident[half].push({
            front: residentMemory(pids.front),
            compiler: residentMemory(pids.compiler),
            runtime: residentMemory(pids.runtime),
          });
        }
        if (place >= 400 && place % 25 === 24) {
          living[half].push({
            front: await livingHeap(pids.front, folder.path),
            compiler: await livingHeap(pids.compiler, folder.path),
            runtime: await livingHeap(pids.runtime, folder.path),
          });
        }
      }
    });
    after(async () => {
      await kernel?.close();
      folder?.remove();
    });

    function processIds(): Sample {
      return {
        front: kernel.front.pid!,
        compiler: kernel.compilerPid!,
        runtime: kernel.runtimePid!,
      };
    }

    /** Medians of a process's memory in the first and in the second half of the run. */
    function medians(
      samples: readonly [readonly Sample[], readonly Sample[]],
      name: ProcessName,
    ): readonly [before: number, after: number] {
      const [before, after] = samples.map((half) =>
        median(half.map((sample) => sample[name])),
      );
      return [before!, after!];
    }

    for (const name of processNames) {
      test(`what lives in the ${name} process levels off`, (context) => {
        const [before, after] = medians(living, name);
        const growth = (after - before) / (CELLS / 2);
        const told = `${(growth / kilobyte).toFixed(1)} KB a cell, from ${inMegabytes(before)} to ${inMegabytes(after)}`;
        context.diagnostic(told);
        assert.ok(growth < GROWTH_PER_CELL, told);
      });

      test(`the resident memory of the ${name} process levels off`, (context) => {
        const [before, after] = medians(resident, name);
        const growth = (after - before) / megabyte;
        const told = `from ${inMegabytes(before)} to ${inMegabytes(after)}`;
        context.diagnostic(told);
        assert.ok(growth < RESIDENT_GROWTH[name], told);
      });
    }
  },
);
