/**
 * The front process's memory of what was entered.
 */

/** One entry as Jupyter's history_reply carries it: with its output only if that was asked for. */
export type HistoryEntry = readonly [
  session: number,
  line: number,
  input: string | readonly [input: string, output: string | null],
];

interface Entry {
  readonly line: number;
  readonly input: string;
  output: string | null;
}

/** The cells of this session, in order. */
export class History {
  readonly #entries: Entry[] = [];

  /** Adds a cell under its execution count. */
  add(line: number, input: string): void {
    this.#entries.push({ line, input, output: null });
  }

  /** Adds the text of the result that the cell added last has given. */
  addOutput(output: string): void {
    const last = this.#entries.at(-1);
    if (last) last.output = output;
  }

  /**
   * The entries that a history_request asks for.
   *
   * @param request The request's content: `hist_access_type` "tail" with `n`, "range" with `start` and
   *   `stop`, or "search" with `pattern` (`*` and `?` as in file names), `n` and `unique`.
   */
  find(request: Record<string, unknown>): readonly HistoryEntry[] {
    return this.#select(request).map(({ line, input, output }) => [
      0,
      line,
      request.output === true ? [input, output] : input,
    ]);
  }

  #select(request: Record<string, unknown>): readonly Entry[] {
    const count = typeof request.n === "number" ? request.n : undefined;
    switch (request.hist_access_type) {
      case "range": {
        const start = Number(request.start ?? 0);
        const stop = Number(request.stop ?? Infinity);
        return this.#entries.filter(({ line }) => line >= start && line < stop);
      }
      case "search":
        return this.#search(
          String(request.pattern ?? "*"),
          request.unique === true,
          count,
        );
      default:
        return lastOf(this.#entries, count);
    }
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
    let found = this.#entries.filter(({ input }) => expression.test(input));
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
