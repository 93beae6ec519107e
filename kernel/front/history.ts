/**
 * Keeps the input history of this session and of earlier ones.
 */
import { textOf } from "../wire/message";
import { HistoryFile } from "./history-file";

/** An entry of Jupyter's history_reply, with its output only if the request has `output` set. */
export type HistoryEntry = readonly [
  session: number,
  line: number,
  input: string | readonly [input: string, output: string | null],
];

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

  /** Sets the output of the latest cell to the text of its result. */
  addOutput(output: string): void {
    const last = this.#own.at(-1);
    if (last) last.output = output;
  }

  /**
   * Returns the entries that a history_request selects.
   *
   * @param request The request's content: `hist_access_type` "tail" with `n`, "range" with
   *   `session` (0, the default, for the current one, -1 for the previous one), `start` and `stop`,
   *   or "search" with `pattern` (`*` and `?` as in file names), `n` and `unique`.
   */
  find(request: Record<string, unknown>): readonly HistoryEntry[] {
    return this.#select(request).map(({ session, line, input, output }) => [
      session,
      line,
      request.output === true ? [input, output] : input,
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

  #select(request: Record<string, unknown>): readonly Entry[] {
    const count = typeof request.n === "number" ? request.n : undefined;
    switch (request.hist_access_type) {
      case "range":
        return this.#range(request);
      case "search":
        return this.#search(
          textOf(request.pattern ?? "*"),
          request.unique === true,
          count,
        );
      default:
        return lastOf(this.#entries(), count);
    }
  }

  #range(request: Record<string, unknown>): readonly Entry[] {
    const asked = Number(request.session ?? 0);
    const wanted = asked > 0 ? asked : this.#session() + asked;
    const start = Number(request.start ?? 0);
    const stop = Number(request.stop ?? Infinity);
    return this.#entries().filter(
      ({ session, line }) => session === wanted && line >= start && line < stop,
    );
  }

  #search(
    pattern: string,
    unique: boolean,
    count: number | undefined,
  ): readonly Entry[] {
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
    return lastOf(found, count);
  }
}

function lastOf(
  entries: readonly Entry[],
  count: number | undefined,
): readonly Entry[] {
  if (count === undefined) return entries;
  return count <= 0 ? [] : entries.slice(-count);
}
