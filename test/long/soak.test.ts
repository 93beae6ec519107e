/**
 * Runs a thousand cells of every kind in one kernel, and tests that the memory of each of its
 * processes levels off.
 *
 * Two values are measured. The live heap after a collection is exact to some kilobytes per cell, so
 * it shows small leaks in JavaScript. Resident memory varies with V8's garbage and grows by a step
 * when V8 recompiles a large function, so it only shows larger leaks, but also those of TensorFlow
 * and of V8.
 */
import assert from "node:assert/strict";
import { existsSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { KernelClient } from "../kernel/kernel-client";
import { ProjectFolder } from "../kernel/project-folder";
import { until } from "../until";
import { shelfFile, soakRound } from "./soak-cells";

const CELLS = 1000;
const kilobyte = 1024;
const megabyte = 2 ** 20;

/**
 * Allowed growth of the live heap per cell: its source, its source map and its history stay. A leak
 * of 20 KB is found.
 */
const GROWTH_PER_CELL = 12 * kilobyte;
/**
 * Allowed growth of resident memory in 500 cells, in megabytes. V8's compilation of a large
 * function may add a step of 80.
 */
const RESIDENT_GROWTH = { front: 16, compiler: 130, runtime: 24 } as const;

const processNames = ["front", "compiler", "runtime"] as const;
type ProcessName = (typeof processNames)[number];

/** The memory of the three processes at one point of the run, in bytes. */
type Sample = Readonly<Record<ProcessName, number>>;

/** Returns the resident memory of a process, in bytes. */
function residentMemory(pid: number): number {
  const status = readFileSync(`/proc/${pid}/status`, "utf8");
  return Number(/VmRSS:\s+(\d+)/.exec(status)![1]) * kilobyte;
}

/**
 * Returns the live heap of a process, in bytes. The process must have loaded `heap-reporter.cjs`.
 */
async function liveHeap(pid: number, folder: string): Promise<number> {
  const report = join(folder, `${pid}.json`);
  process.kill(pid, "SIGUSR2");
  await until(() => existsSync(report), `the heap of process ${pid}`);
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
    /** Samples after the cells 300 to 400 and 800 to 900. */
    const resident: [Sample[], Sample[]] = [[], []];
    /**
     * Samples after every 25th of the cells 400 to 500 and 900 to 1,000, separate because a
     * collection reduces resident memory.
     */
    const live: [Sample[], Sample[]] = [[], []];
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
        const message = JSON.stringify(error ?? content);
        assert.equal(content.status, cell.ends ?? "ok", message);
        await cell.ask?.(kernel);
        pids ??= processIds();
        assert.deepEqual(processIds(), pids, "a process has been replaced");
        const half = index < CELLS / 2 ? 0 : 1;
        const position = index % (CELLS / 2);
        if (position >= 300 && position < 400) {
          resident[half].push({
            front: residentMemory(pids.front),
            compiler: residentMemory(pids.compiler),
            runtime: residentMemory(pids.runtime),
          });
        }
        if (position >= 400 && position % 25 === 24) {
          live[half].push({
            front: await liveHeap(pids.front, folder.path),
            compiler: await liveHeap(pids.compiler, folder.path),
            runtime: await liveHeap(pids.runtime, folder.path),
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

    /** Returns the medians of a process's memory in the first and in the second half of the run. */
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
      test(`the live heap of the ${name} process levels off`, (context) => {
        const [before, after] = medians(live, name);
        const growth = (after - before) / (CELLS / 2);
        const message = `${(growth / kilobyte).toFixed(1)} KB per cell, from ${inMegabytes(before)} to ${inMegabytes(after)}`;
        context.diagnostic(message);
        assert.ok(growth < GROWTH_PER_CELL, message);
      });

      test(`the resident memory of the ${name} process levels off`, (context) => {
        const [before, after] = medians(resident, name);
        const growth = (after - before) / megabyte;
        const message = `from ${inMegabytes(before)} to ${inMegabytes(after)}`;
        context.diagnostic(message);
        assert.ok(growth < RESIDENT_GROWTH[name], message);
      });
    }
  },
);
