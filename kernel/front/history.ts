/**
 * The front process's memory of what was entered.
 */

/** One entry as Jupyter's history_reply carries it: session, line, input. */
export type HistoryEntry = readonly [
  session: number,
  line: number,
  input: string,
];

/** The cells of this session, in order. */
export class History {
  readonly #entries: HistoryEntry[] = [];

  /** Adds a cell under its execution count. */
  add(line: number, input: string): void {
    this.#entries.push([0, line, input]);
  }

  /**
   * The entries that a history_request asks for.
   *
   * @param request The request's content: `hist_access_type` "tail" with `n`, "range" with `start` and
   *   `stop`, or "search" with `pattern` (`*` and `?` as in file names), `n` and `unique`.
   */
  find(request: Record<string, unknown>): readonly HistoryEntry[] {
    const count = typeof request.n === "number" ? request.n : undefined;
    switch (request.hist_access_type) {
      case "range": {
        const start = Number(request.start ?? 0);
        const stop = Number(request.stop ?? Infinity);
        return this.#entries.filter(([, line]) => line >= start && line < stop);
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
  ): readonly HistoryEntry[] {
    const glob = pattern
      .replace(/[.+^${}()|[\]\\]/g, "\\$&")
      .replace(/\*/g, ".*")
      .replace(/\?/g, ".");
    const expression = new RegExp(`^${glob}$`, "s");
    let found = this.#entries.filter(([, , input]) => expression.test(input));
    if (unique) {
      const last = new Map(found.map((entry) => [entry[2], entry]));
      found = found.filter((entry) => last.get(entry[2]) === entry);
    }
    return lastOf(found, count);
  }
}

function lastOf(
  entries: readonly HistoryEntry[],
  count: number | undefined,
): readonly HistoryEntry[] {
  if (count === undefined) return entries;
  return count <= 0 ? [] : entries.slice(-count);
}
