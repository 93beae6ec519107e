/**
 * The file of what was entered in earlier sessions, a cell a line.
 *
 * Several kernels may write at the same time: each line is appended at once, and carries its session.
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
import { kernelsFolder } from "../command/jupyter-paths";

/** A cell of an earlier session. */
export interface PastEntry {
  /** Counts up from 1 with each start of a kernel. */
  readonly session: number;
  readonly line: number;
  readonly input: string;
}

interface Line {
  readonly session: string;
  readonly line: number;
  readonly input: string;
}

/** How many cells are kept at least. */
const KEPT_ENTRIES = 10_000;

/** A draft of the file that is older, in milliseconds, is nobody's any more. */
const STALE_MILLISECONDS = 60_000;

/** What was typed may be private. */
const PRIVATE = { mode: 0o600 };

/**
 * Where the history lies: what the environment variable CONVNOTES_HISTORY says, else the folder `convnotes` in Jupyter's data
 * folder; undefined if the variable says "off".
 */
export function historyPath(
  variables: NodeJS.ProcessEnv = process.env,
): string | undefined {
  const named = variables.CONVNOTES_HISTORY;
  if (named === "off") return undefined;
  if (named) return named;
  const data = dirname(kernelsFolder({ user: true }));
  return join(data, "convnotes", "history.jsonl");
}

/** The file of a history. */
export class HistoryFile {
  readonly #path: string | undefined;
  readonly #warn: (text: string) => void;
  readonly #session = randomUUID();
  #isBroken = false;

  /**
   * @param path Where it lies; undefined keeps nothing.
   * @param warn Is told, once, if it cannot be written.
   */
  constructor(path: string | undefined, warn: (text: string) => void) {
    this.#path = path;
    this.#warn = warn;
  }

  /** What is kept of other sessions, the oldest first. A line that is no entry, as one that was cut off, is passed over. */
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

  /** Adds a cell of this session. */
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
      return ""; // There is none yet; if it cannot be read, it cannot be written either, and that is told.
    }
  }

  /** Writes the file again with the latest cells alone. Where that cannot be done it stays as it is. */
  #shorten(): void {
    if (this.#path === undefined) return;
    try {
      // A link to the file stays a link.
      shorten(realpathSync(this.#path));
    } catch {
      // Another kernel is doing it, or nothing but the file itself may be written here.
    }
  }

  #write(action: (path: string) => void): void {
    if (this.#path === undefined || this.#isBroken) return;
    try {
      action(this.#path);
    } catch (error) {
      this.#isBroken = true;
      this.#warn(`The history is not kept: ${(error as Error).message}`);
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

/** Puts a shorter file in the place of the one at the path; throws if it cannot, or if another process is doing so. */
function shorten(path: string): void {
  const draft = `${path}.new`;
  const old = openSync(path, "r");
  try {
    const read = readFileSync(old);
    const whole = read.subarray(0, read.lastIndexOf("\n") + 1);
    const kept = linesOf(whole.toString("utf8")).slice(-KEPT_ENTRIES);
    const text = kept.map((line) => `${JSON.stringify(line)}\n`).join("");
    writeDraft(draft, text);
    try {
      renameSync(draft, path);
    } catch (error) {
      rmSync(draft, { force: true });
      throw error;
    }
    // What other kernels have added meanwhile has gone to the file that was replaced.
    const rest = Buffer.alloc(fstatSync(old).size - whole.length);
    readSync(old, rest, 0, rest.length, whole.length);
    if (rest.length > 0) appendFileSync(path, rest, PRIVATE);
  } finally {
    closeSync(old);
  }
}

/** Writes a file that is not there yet; in the place of one that has been left behind by a process that has ended. */
function writeDraft(path: string, text: string): void {
  const before = statSync(path, { throwIfNoEntry: false });
  if (before && Date.now() - before.mtimeMs > STALE_MILLISECONDS) rmSync(path);
  writeFileSync(path, text, { ...PRIVATE, flag: "wx" });
}
