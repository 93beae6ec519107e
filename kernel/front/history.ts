/**
 * Keeps the input history of this session and of earlier ones.
 */
import type { HistoryEntry } from "../wire/replies";
import type { RequestContent } from "../wire/requests";
import { HistoryFile } from "./history-file";

/** The content of a history_request, or a part of it. */
export type HistoryQuery = {
  readonly [Name in keyof RequestContent<"history_request">]?:
    RequestContent<"history_request">[Name] | undefined;
};

interface OwnEntry {
  readonly line: number;
  readonly input: string;
  output: string | null;
}

interface Entry extends OwnEntry {
  readonly session: number;
}

/**
 * Delay after which the file is read even without a request, in milliseconds. Reading also shortens
 * it.
 */
const READ_MILLISECONDS = 10_000;

/** The history of all sessions, in order. */
export class History {
  readonly #file: HistoryFile;
  readonly #own: OwnEntry[] = [];
  /**
   * Entries of earlier sessions. Read on first use, because a long history would delay the kernel's
   * start.
   */
  #past: readonly Entry[] | undefined;

  /** @param file The file of earlier sessions. Outputs are kept for this session only. */
  constructor(file = new HistoryFile(undefined, () => undefined)) {
    this.#file = file;
    setTimeout(() => this.#readPast(), READ_MILLISECONDS).unref();
  }

  /** Adds a cell with its execution count. */
  add(line: number, input: string): void {
    this.#own.push({ line, input, output: null });
    this.#file.append(line, input);
  }

  /** Sets the output of the cell with this execution count to the text of its result. */
  addOutput(line: number, output: string): void {
    const entry = this.#own.find((each) => each.line === line);
    if (entry) entry.output = output;
  }

  /**
   * Returns the entries that a history_request selects.
   *
   * @param query `hist_access_type` "tail" with `n`, "range" with `session` (0, the default, for
   *   the current one, -1 for the previous one), `start` and `stop`, or "search" with `pattern`
   *   (`*` and `?` as in file names), `n` and `unique`.
   */
  find(query: HistoryQuery): readonly HistoryEntry[] {
    return this.#select(query).map(({ session, line, input, output }) => [
      session,
      line,
      query.output ? [input, output] : input,
    ]);
  }

  #readPast(): readonly Entry[] {
    this.#past ??= this.#file
      .read()
      .map((entry) => ({ ...entry, output: null }));
    return this.#past;
  }

  /** Returns the number of this session. */
  #session(): number {
    const sessions = this.#readPast().map(({ session }) => session);
    return sessions.reduce((a, b) => Math.max(a, b), 0) + 1;
  }

  #entries(): readonly Entry[] {
    const session = this.#session();
    const own = this.#own.map((entry) => ({ ...entry, session }));
    return [...this.#readPast(), ...own];
  }

  #select(query: HistoryQuery): readonly Entry[] {
    switch (query.hist_access_type) {
      case "range":
        return this.#range(query);
      case "search":
        return this.#search(query);
      default:
        return lastOf(this.#entries(), query.n);
    }
  }

  #range({
    session: asked = 0,
    start = 0,
    stop = Infinity,
  }: HistoryQuery): readonly Entry[] {
    const wanted = asked > 0 ? asked : this.#session() + asked;
    return this.#entries().filter(
      ({ session, line }) => session === wanted && line >= start && line < stop,
    );
  }

  #search({
    pattern = "*",
    unique = false,
    n,
  }: HistoryQuery): readonly Entry[] {
    const glob = pattern
      .replace(/[.+^${}()|[\]\\]/g, "\\$&")
      .replace(/\*/g, ".*")
      .replace(/\?/g, ".");
    const expression = new RegExp(`^${glob}$`, "s");
    let found = this.#entries().filter(({ input }) => expression.test(input));
    if (unique) {
      const last = new Map(found.map((entry) => [entry.input, entry]));
      found = found.filter((entry) => last.get(entry.input) === entry);
    }
    return lastOf(found, n);
  }
}

function lastOf(
  entries: readonly Entry[],
  count: number | undefined,
): readonly Entry[] {
  if (count === undefined) return entries;
  return count <= 0 ? [] : entries.slice(-count);
}
