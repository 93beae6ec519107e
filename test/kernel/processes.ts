/**
 * What runs on this machine, as far as the tests must know: which processes a process has started, and
 * whether one is alive.
 */
import { execFileSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";

/** The processes that `pid` has started and that are alive. */
export function childrenOf(pid: number): number[] {
  return processes()
    .filter(({ parent, zombie }) => parent === pid && !zombie)
    .map((each) => each.pid);
}

/** Whether a process runs; one that has ended and is not yet collected does not. */
export function isAlive(pid: number): boolean {
  return processes().some((each) => each.pid === pid && !each.zombie);
}

/** Waits until a process has ended; the time that took, in milliseconds, or undefined if it took too long. */
export async function endOf(
  pid: number,
  milliseconds: number,
): Promise<number | undefined> {
  const before = performance.now();
  for (;;) {
    const passed = performance.now() - before;
    if (!isAlive(pid)) return passed;
    if (passed > milliseconds) return undefined;
    await sleep(20);
  }
}

interface ProcessEntry {
  readonly pid: number;
  readonly parent: number;
  readonly zombie: boolean;
}

function processes(): ProcessEntry[] {
  return existsSync("/proc/self/stat") ? fromProc() : fromPs();
}

function fromProc(): ProcessEntry[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => {
      let text: string;
      try {
        text = readFileSync(`/proc/${name}/stat`, "utf8");
      } catch {
        return []; // It has ended meanwhile.
      }
      // The command, in parentheses, may hold blanks and parentheses itself.
      const [state, parent] = text.slice(text.lastIndexOf(")") + 2).split(" ");
      return [
        { pid: Number(name), parent: Number(parent), zombie: state === "Z" },
      ];
    });
}

function fromPs(): ProcessEntry[] {
  return execFileSync("ps", ["-A", "-o", "pid=,ppid=,stat="], {
    encoding: "utf8",
  })
    .trim()
    .split("\n")
    .map((line) => {
      const [pid, parent, state] = line.trim().split(/\s+/);
      return {
        pid: Number(pid),
        parent: Number(parent),
        zombie: state?.startsWith("Z") === true,
      };
    });
}

/** The command line of a process; empty if there is none. */
export function commandOf(pid: number): string {
  try {
    return existsSync("/proc/self/stat")
      ? readFileSync(`/proc/${pid}/cmdline`, "utf8").replaceAll("\0", " ")
      : execFileSync("ps", ["-o", "command=", "-p", `${pid}`]).toString();
  } catch {
    return ""; // It has ended meanwhile.
  }
}
