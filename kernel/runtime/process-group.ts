/**
 * Signals and ends the processes that cells have started.
 *
 * They belong to the process group whose leader is the runtime. A process that was started as
 * `detached` has its own group.
 */
import { execFileSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";

/** How long processes may take to exit after SIGTERM, in milliseconds. */
const END_MILLISECONDS = 500;

/** Interval of checks whether they have exited, in milliseconds. */
const POLL_MILLISECONDS = 10;

/** Sends a signal to each process of a group except its leader. */
export function signalMembers(leader: number, signal: NodeJS.Signals): void {
  for (const pid of members(leader)) send(pid, signal);
}

/** Kills all processes of a group, including its leader. */
export function killGroup(leader: number): void {
  send(-leader, "SIGKILL");
}

/**
 * Sends SIGTERM to all processes of a group except its leader, and waits briefly for their exit.
 */
export async function endMembers(leader: number): Promise<void> {
  if (members(leader).length === 0) return;
  signalMembers(leader, "SIGTERM");
  await waitFor(() => members(leader).length === 0);
}

/** Ends the remaining processes of a group whose leader has ended, with SIGTERM first. */
export async function endGroup(leader: number): Promise<void> {
  if (!send(-leader, "SIGTERM")) return;
  if (!(await waitFor(() => !send(-leader, 0)))) killGroup(leader);
}

/** Waits for a condition. Resolves to whether it became true in time. */
async function waitFor(condition: () => boolean): Promise<boolean> {
  const until = performance.now() + END_MILLISECONDS;
  while (!condition()) {
    if (performance.now() > until) return false;
    await sleep(POLL_MILLISECONDS);
  }
  return true;
}

/** Sends a signal. Returns whether the process or group exists. */
function send(pid: number, signal: NodeJS.Signals | 0): boolean {
  try {
    process.kill(pid, signal);
    return true;
  } catch (error) {
    // EPERM: it exists but may not be signaled, for example because it belongs to another user.
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

function members(leader: number): number[] {
  const all = existsSync("/proc/self/stat") ? fromProc() : fromPs();
  return all
    .filter(({ pid, group }) => group === leader && pid !== leader)
    .map(({ pid }) => pid);
}

interface Member {
  readonly pid: number;
  readonly group: number;
}

function fromProc(): Member[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => {
      try {
        const text = readFileSync(`/proc/${name}/stat`, "utf8");
        // The command, in parentheses, may contain blanks and parentheses. The state, the parent
        // and the group follow.
        const fields = text.slice(text.lastIndexOf(")") + 2).split(" ");
        return fields[0] === "Z"
          ? []
          : [{ pid: Number(name), group: Number(fields[2]) }];
      } catch {
        return []; // The process has ended meanwhile.
      }
    });
}

/** Lists processes with `ps`, for macOS. */
function fromPs(): Member[] {
  const text = execFileSync("ps", ["-A", "-o", "pid=,pgid=,stat="], {
    encoding: "utf8",
  });
  return text
    .trim()
    .split("\n")
    .map((line) => line.trim().split(/\s+/))
    .filter(([, , state]) => !state?.startsWith("Z"))
    .map(([pid, group]) => ({ pid: Number(pid), group: Number(group) }));
}
