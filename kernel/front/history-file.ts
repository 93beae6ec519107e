/**
 * Stores the input history of all sessions in a file, one cell per line.
 *
 * Several kernels may write concurrently: each line is appended in one write and contains its
 * session id.
 */
import {
  appendFileSync,
  closeSync,
  fstatSync,
  mkdirSync,
  openSync,
  readFileSync,
  readSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { randomUUID } from "node:crypto";
import { dirname, join } from "node:path";
import { systemProperties, userDataFolder } from "../jupyter-data";

/** A cell of an earlier session. */
interface PastEntry {
  /** Session number, counted from 1. */
  readonly session: number;
  readonly line: number;
  readonly input: string;
}

interface Line {
  readonly session: string;
  readonly line: number;
  readonly input: string;
}

/** Minimum number of cells that are kept. */
const KEPT_ENTRIES = 10_000;

/** Age in milliseconds after which a temporary file counts as abandoned. */
const STALE_MILLISECONDS = 60_000;

/** File mode that only the owner can read, as input may be private. */
const PRIVATE = { mode: 0o600 };

/**
 * Returns the path of the history file: the value of the environment variable CONVNOTES_HISTORY, by
 * default a file in the folder `convnotes` of Jupyter's data folder. Returns undefined if the
 * variable is "off".
 */
export function historyPath(
  variables: NodeJS.ProcessEnv = process.env,
): string | undefined {
  const named = variables.CONVNOTES_HISTORY;
  if (named === "off") return undefined;
  if (named) return named;
  const data = userDataFolder(systemProperties());
  return join(data, "convnotes", "history.jsonl");
}

/** A history file. */
export class HistoryFile {
  readonly #path: string | undefined;
  readonly #warn: (text: string) => void;
  readonly #session = randomUUID();
  #isBroken = false;

  /**
   * @param path The file's path; if undefined, nothing is stored.
   * @param warn Called once if the file cannot be written.
   */
  constructor(path: string | undefined, warn: (text: string) => void) {
    this.#path = path;
    this.#warn = warn;
  }

  /**
   * Returns the entries of other sessions, oldest first. Invalid lines, such as truncated ones, are
   * skipped.
   */
  read(): PastEntry[] {
    const lines = linesOf(this.#text());
    if (lines.length > 2 * KEPT_ENTRIES) this.#shorten();
    const others = lines.filter(({ session }) => session !== this.#session);
    const numbers = new Map<string, number>();
    return others.map(({ session, line, input }) => {
      const number = numbers.get(session) ?? numbers.size + 1;
      numbers.set(session, number);
      return { session: number, line, input };
    });
  }

  /** Appends a cell of this session. */
  append(line: number, input: string): void {
    const entry: Line = { session: this.#session, line, input };
    this.#write((path) => {
      mkdirSync(dirname(path), { recursive: true });
      appendFileSync(path, `${JSON.stringify(entry)}\n`, PRIVATE);
    });
  }

  #text(): string {
    if (this.#path === undefined) return "";
    try {
      return readFileSync(this.#path, "utf8");
    } catch {
      // The file does not exist yet. If it is unreadable, writing fails too and is reported.
      return "";
    }
  }

  /** Rewrites the file with the latest cells only. If that fails, the file is not changed. */
  #shorten(): void {
    if (this.#path === undefined) return;
    try {
      // Resolved, so that a symbolic link stays one.
      shorten(realpathSync(this.#path));
    } catch {
      // Another kernel is shortening it, or the folder is not writable.
    }
  }

  #write(action: (path: string) => void): void {
    if (this.#path === undefined || this.#isBroken) return;
    try {
      action(this.#path);
    } catch (error) {
      this.#isBroken = true;
      this.#warn(`Cannot save the history: ${(error as Error).message}`);
    }
  }
}

function linesOf(text: string): Line[] {
  return text.split("\n").flatMap((each) => {
    try {
      const line = JSON.parse(each) as Partial<Line> | null;
      const isEntry =
        typeof line?.session === "string" &&
        typeof line.line === "number" &&
        typeof line.input === "string";
      return isEntry ? [line as Line] : [];
    } catch {
      return [];
    }
  });
}

/**
 * Replaces a file with a shorter one. Throws if it cannot, or if another process is shortening it.
 */
function shorten(path: string): void {
  const temporary = `${path}.new`;
  const old = openSync(path, "r");
  try {
    const read = readFileSync(old);
    const whole = read.subarray(0, read.lastIndexOf("\n") + 1);
    const kept = linesOf(whole.toString("utf8")).slice(-KEPT_ENTRIES);
    const text = kept.map((line) => `${JSON.stringify(line)}\n`).join("");
    writeTemporary(temporary, text);
    try {
      renameSync(temporary, path);
    } catch (error) {
      rmSync(temporary, { force: true });
      throw error;
    }
    // Lines that other kernels appended meanwhile are in the replaced file.
    const rest = Buffer.alloc(fstatSync(old).size - whole.length);
    readSync(old, rest, 0, rest.length, whole.length);
    if (rest.length > 0) appendFileSync(path, rest, PRIVATE);
  } finally {
    closeSync(old);
  }
}

/** Creates a file. Throws if it exists, unless it was abandoned by a process that has ended. */
function writeTemporary(path: string, text: string): void {
  const before = statSync(path, { throwIfNoEntry: false });
  if (before && Date.now() - before.mtimeMs > STALE_MILLISECONDS) rmSync(path);
  writeFileSync(path, text, { ...PRIVATE, flag: "wx" });
}
