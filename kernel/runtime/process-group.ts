/**
 * The processes that cells have started: those of the runtime's process group, of which it is the leader. A process that was started
 * as `detached` has a group of its own.
 */
import { execFileSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";

/** How long processes may take to end when they are asked to, in milliseconds. */
const END_MILLISECONDS = 500;

/** How often it is looked whether they have, in milliseconds. */
const LOOK_MILLISECONDS = 10;

/** Sends a signal to each process of the leader's group but the leader itself, which has more to lose. */
export function signalMembers(leader: number, signal: NodeJS.Signals): void {
  for (const pid of members(leader)) send(pid, signal);
}

/** Ends every process of the leader's group at once, the leader included. */
export function killGroup(leader: number): void {
  send(-leader, "SIGKILL");
}

/** Asks the processes of a group to end, the leader excepted, and waits a moment for them. */
export async function endMembers(leader: number): Promise<void> {
  if (members(leader).length === 0) return;
  signalMembers(leader, "SIGTERM");
  await waitFor(() => members(leader).length === 0);
}

/** Ends what is left of a group whose leader has ended: asks first. */
export async function endGroup(leader: number): Promise<void> {
  if (!send(-leader, "SIGTERM")) return;
  if (!(await waitFor(() => !send(-leader, 0)))) killGroup(leader);
}

/** Whether the condition came true in time. */
async function waitFor(condition: () => boolean): Promise<boolean> {
  const until = performance.now() + END_MILLISECONDS;
  while (!condition()) {
    if (performance.now() > until) return false;
    await sleep(LOOK_MILLISECONDS);
  }
  return true;
}

/** Whether there was anybody to send the signal to. */
function send(pid: number, signal: NodeJS.Signals | 0): boolean {
  try {
    process.kill(pid, signal);
    return true;
  } catch (error) {
    // One that may not be signalled, such as a program with other rights, is there nevertheless.
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
        // The command, in parentheses, may hold blanks and parentheses itself. Then come the state, the parent and the group.
        const fields = text.slice(text.lastIndexOf(")") + 2).split(" ");
        return fields[0] === "Z"
          ? []
          : [{ pid: Number(name), group: Number(fields[2]) }];
      } catch {
        return []; // It has ended meanwhile.
      }
    });
}

/** What macOS offers. */
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
