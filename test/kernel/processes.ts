/**
 * Inspects the processes of this machine: the children of a process, and whether a process is
 * alive.
 */
import { execFileSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";

/** Returns the ids of the living child processes of `pid`. */
export function childrenOf(pid: number): number[] {
  return processes()
    .filter(({ parent, zombie }) => parent === pid && !zombie)
    .map((each) => each.pid);
}

/** Returns whether a process is running. Zombie processes count as ended. */
export function isAlive(pid: number): boolean {
  return processes().some((each) => each.pid === pid && !each.zombie);
}

/**
 * Waits until a process has ended. Returns the time in milliseconds, or undefined if it took too
 * long.
 */
export async function endOf(
  pid: number,
  milliseconds: number,
): Promise<number | undefined> {
  const before = performance.now();
  for (;;) {
    const passed = performance.now() - before;
    if (!isAlive(pid)) return passed;
    if (passed > milliseconds) return undefined;
    // Measures the time, and therefore does not use until().
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
      // The command, in parentheses, may contain blanks and parentheses.
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

/** Returns the command line of a process, or an empty string if it does not exist. */
export function commandOf(pid: number): string {
  try {
    return existsSync("/proc/self/stat")
      ? readFileSync(`/proc/${pid}/cmdline`, "utf8").replaceAll("\0", " ")
      : execFileSync("ps", ["-o", "command=", "-p", `${pid}`]).toString();
  } catch {
    return ""; // It has ended meanwhile.
  }
}
