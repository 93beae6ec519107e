/**
 * Names a running process so that others can tell later whether it has ended.
 *
 * A process id alone is not enough: ids are reused, and each machine and container has its own.
 */
import { readFileSync, readlinkSync } from "node:fs";
import { hostname } from "node:os";

/** A process of one machine. */
export interface RunningProcess {
  readonly pid: number;
  /** Start time, where the system tells it. */
  readonly started?: string | undefined;
}

/** Names this machine since its start, and the container in which process ids are counted. */
export function thisMachine(): string {
  const parts = [
    hostname(),
    textOf(() => readFileSync("/proc/sys/kernel/random/boot_id", "utf8")),
    textOf(() => readlinkSync("/proc/self/ns/pid")),
  ];
  return parts.filter((part) => part !== "").join(" ");
}

/** Returns a running process of this machine; undefined if there is none with this id. */
export function processOf(pid: number): RunningProcess | undefined {
  try {
    process.kill(pid, 0);
  } catch (error) {
    // Processes of other users may not be signaled.
    if ((error as NodeJS.ErrnoException).code !== "EPERM") return undefined;
  }
  const text = textOf(() => readFileSync(`/proc/${pid}/stat`, "utf8"));
  if (text === "") return { pid };
  // The second field, the program's name, may contain blanks and parentheses.
  const fields = text.slice(text.lastIndexOf(")") + 2).split(" ");
  // A zombie has ended, but its parent has not asked for its status. Field 22 is the start time.
  return fields[0] === "Z" ? undefined : { pid, started: fields[19] };
}

/** Whether both are the same process. Start times count if both are known. */
export function isSameProcess(
  one: RunningProcess | undefined,
  other: RunningProcess | undefined,
): boolean {
  if (one?.pid === undefined || one.pid !== other?.pid) return false;
  return (
    one.started === undefined ||
    other.started === undefined ||
    one.started === other.started
  );
}

function textOf(read: () => string): string {
  try {
    return read().trim();
  } catch {
    return "";
  }
}
