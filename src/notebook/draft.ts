/**
 * Names of files and folders while they are written, and removal of those whose process has ended
 * before it could rename them.
 */
import { createHash, randomBytes } from "node:crypto";
import { existsSync, readdirSync, rmSync, statSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { isSameProcess, processOf, thisMachine } from "./running-process";

/**
 * Age in milliseconds from which the draft of another machine counts as abandoned: whether its
 * process still runs is unknown.
 */
const abandonedAge = 24 * 60 * 60_000;

/** Machine, process id and start time of the process, and a random part. */
const ending = /^\.([0-9a-f]{8})-(\d+)-(\d+)-[0-9a-f]{8}\.part(\.old)?$/;

/** Appended to a draft's name: the folder that it replaces. */
export const replacedEnding = ".old";

/** Whether the process of a draft has ended; `unknown` for one of another machine. */
export type DraftState = "running" | "ended" | "unknown";

/** A draft of a file or folder, or a folder that a draft replaces. */
interface FoundDraft {
  readonly path: string;
  readonly state: DraftState;
  /** Whether it is the replaced folder. */
  readonly isReplaced: boolean;
}

/**
 * Removes the abandoned drafts of a file or folder, and returns the name of a new one, which no
 * other call has.
 */
export function newDraft(path: string): string {
  removeAbandoned(path);
  return draftOf(path);
}

/** Returns a name beside a file or folder, which no other call has. */
export function draftOf(path: string): string {
  const { pid } = process;
  const started = processOf(pid)?.started ?? "0";
  const random = randomBytes(4).toString("hex");
  return `${path}.${machineDigest()}-${pid}-${started}-${random}.part`;
}

/**
 * Removes the drafts of a file or folder that processes have left which were killed. Keeps those of
 * running processes, and those of other machines for a day. Never throws: what cannot be removed
 * stays.
 */
export function removeAbandoned(path: string): void {
  // If its folder was moved away and the new one is not in its place, both must stay.
  if (!existsSync(path) && replacedFolder(path) !== undefined) return;
  for (const draft of draftsAt(path)) {
    if (draft.state === "running") continue;
    try {
      if (draft.state === "unknown" && !isOld(draft.path)) continue;
      rmSync(draft.path, { recursive: true, force: true });
    } catch {
      // It belongs to another user, or cannot be looked at.
    }
  }
}

/**
 * Returns the folder that a process had moved away to replace it, and the state of that process;
 * undefined if there is none. The draft that was to take its place still exists then: without it,
 * the replacement was complete, and the folder was removed later.
 */
export function replacedFolder(
  path: string,
): Pick<FoundDraft, "path" | "state"> | undefined {
  const drafts = draftsAt(path);
  return drafts.find(
    ({ path: place, isReplaced }) =>
      isReplaced &&
      drafts.some((draft) => `${draft.path}${replacedEnding}` === place),
  );
}

function draftsAt(path: string): FoundDraft[] {
  const folder = dirname(path);
  const name = basename(path);
  return namesIn(folder).flatMap((each) => {
    if (!each.startsWith(name)) return [];
    const found = ending.exec(each.slice(name.length));
    if (found === null) return [];
    const [, machine, pid, started, replaced] = found;
    const state =
      machine !== machineDigest()
        ? "unknown"
        : isRunning(Number(pid), started!)
          ? "running"
          : "ended";
    const isReplaced = replaced !== undefined;
    return [{ path: join(folder, each), state, isReplaced }];
  });
}

function isRunning(pid: number, started: string): boolean {
  const known = started === "0" ? undefined : started;
  return isSameProcess(processOf(pid), { pid, started: known });
}

function machineDigest(): string {
  return createHash("sha256").update(thisMachine()).digest("hex").slice(0, 8);
}

function isOld(path: string): boolean {
  const modified = statSync(path, { throwIfNoEntry: false })?.mtimeMs;
  return modified !== undefined && Date.now() - modified > abandonedAge;
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
