/**
 * A folder of handouts that changes at once: files are made in a hidden folder inside it, and
 * renamed into place when all are made.
 */
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import path from "node:path";
import { coded } from "../../src/notebook/coded-error";
import { processOf } from "../../src/notebook/running-process";
import type { HandoutStep } from "./handout";

/** What a step has made. */
export interface Made {
  readonly step: HandoutStep["name"];
  /** Paths of its files or folders below the folder of handouts, with "/". */
  readonly files: readonly string[];
  /** The chapters that it was made of. */
  readonly chapters: readonly {
    readonly name: string;
    readonly kind: "lesson" | "lab" | "extra";
    readonly title: string;
  }[];
}

/** Lists what is in the folder, for the next run. */
const listFile = ".handouts.json";
const stagePattern = /^\.unfinished-(\d+)$/;

/** The folder of handouts and the hidden folder in which the new ones are made. */
export class Staging {
  /** Absolute path of the folder of handouts. */
  readonly folder: string;
  /** Absolute path of the hidden folder. Earlier handouts are linked there, to be read only. */
  readonly stage: string;
  readonly #earlier: readonly Made[];

  /**
   * @param replaced The steps that will be run. Their earlier handouts are replaced.
   * @throws Error `ERR_INVALID_STATE` if the folder has files, but none that this class has
   *   written: a user's folder is not overwritten. `ERR_DISK` if the folder cannot be written.
   */
  constructor(folder: string, replaced: readonly HandoutStep["name"][]) {
    this.folder = path.resolve(folder);
    this.stage = path.join(this.folder, `.unfinished-${process.pid}`);
    const all = madeIn(this.folder);
    this.#earlier = all.filter(({ step }) => !replaced.includes(step));
    try {
      mkdirSync(this.folder, { recursive: true });
      removeAbandoned(this.folder);
      mkdirSync(this.stage);
      for (const entry of entriesOf(this.#earlier)) {
        if (existsSync(path.join(this.folder, entry)))
          symlinkSync(path.join("..", entry), path.join(this.stage, entry));
      }
    } catch (error) {
      throw coded(
        "ERR_DISK",
        new Error(
          `Expected a folder that can be written, received ${this.folder}: ${(error as Error).message}`,
        ),
      );
    }
  }

  /** Writes the list of what is in the hidden folder, which `zip` reads. Returns it. */
  record(made: readonly Made[]): readonly Made[] {
    const all = [...this.#earlier, ...made];
    writeFileSync(
      path.join(this.stage, listFile),
      `${JSON.stringify(all, null, 1)}\n`,
    );
    return all;
  }

  /**
   * Removes what a step that failed has left.
   *
   * @param kept What the other steps of this run have made.
   */
  discard(kept: readonly Made[]): void {
    const entries = entriesOf([...this.#earlier, ...kept]);
    for (const entry of readdirSync(this.stage)) {
      if (!entries.has(entry) && !entry.startsWith("."))
        rmSync(path.join(this.stage, entry), { recursive: true, force: true });
    }
  }

  /**
   * Puts the new handouts in place of those that the same steps made before.
   *
   * @param index The start page.
   */
  commit(made: readonly Made[], index: string): void {
    writeFileSync(path.join(this.stage, "index.html"), index);
    this.record(made);
    const kept = entriesOf(this.#earlier);
    const before = path.join(this.stage, ".before");
    mkdirSync(before);
    const gone = entriesOf(madeIn(this.folder));
    const fresh = [...entriesOf(made), "index.html", listFile];
    const moved: (readonly [from: string, to: string])[] = [];
    const move = (entry: string, from: string, to: string) => {
      const step = [path.join(from, entry), path.join(to, entry)] as const;
      renameSync(...step);
      moved.push(step);
    };
    try {
      for (const entry of new Set([...gone, ...fresh])) {
        if (!kept.has(entry) && existsSync(path.join(this.folder, entry)))
          move(entry, this.folder, before);
      }
      for (const entry of fresh) move(entry, this.stage, this.folder);
    } catch (error) {
      // The earlier handouts must not be removed with the stage.
      for (const [from, to] of moved.reverse()) renameSync(to, from);
      throw error;
    }
    this.remove();
  }

  /** Removes the hidden folder. Without a commit before, nothing has changed. */
  remove(): void {
    rmSync(this.stage, { recursive: true, force: true });
    if (existsSync(this.folder) && readdirSync(this.folder).length === 0)
      rmSync(this.folder, { recursive: true });
  }
}

/** The files and folders directly in the folder of handouts. */
function entriesOf(made: readonly Made[]): Set<string> {
  return new Set(
    made.flatMap(({ files }) => files.map((file) => file.split("/")[0]!)),
  );
}

/**
 * Returns what is in a folder of handouts.
 *
 * @throws Error `ERR_INVALID_STATE` if it has files, but none that {@link Staging} has written.
 */
export function madeIn(folder: string): Made[] {
  const file = path.join(folder, listFile);
  if (existsSync(file)) return JSON.parse(readFileSync(file, "utf8")) as Made[];
  const names = existsSync(folder)
    ? readdirSync(folder).filter((name) => !stagePattern.test(name))
    : [];
  if (names.length === 0) return [];
  throw coded(
    "ERR_INVALID_STATE",
    new Error(
      `Expected an empty folder or one of an earlier run of this command, received ${folder} with ${names.length} other files.`,
    ),
  );
}

/** Removes hidden folders of processes that were killed. */
function removeAbandoned(folder: string): void {
  for (const name of readdirSync(folder)) {
    const owner = stagePattern.exec(name)?.[1];
    if (owner === undefined) continue;
    const isRunning = processOf(Number(owner)) !== undefined;
    if (owner === String(process.pid) || !isRunning)
      rmSync(path.join(folder, name), { recursive: true, force: true });
  }
}
