// A machine-readable reporter for Node's test runner: one JSON object with the counts and every
// skipped test.

/**
 * @typedef {object} Tally
 * @property {Record<string, number>} counts The runner's counts: tests, pass, fail, cancelled,
 *   skipped, todo.
 * @property {{ name: string, reason: string }[]} skips
 * @property {Record<string, number>} seconds The duration of the tests of each file.
 */

/**
 * @param {AsyncIterable<{ type: string, data: { name?: string, nesting?: number, message?: string,
 * skip?: string | boolean, file?: string, details?: { duration_ms?: number } } }>} events
 * @yields {string}
 */
export default async function* tallyReporter(events) {
  /** @type {Tally} */
  const tally = { counts: {}, skips: [], seconds: {} };
  for await (const { type, data } of events) {
    if (type === "test:pass" && data.skip)
      tally.skips.push({
        name: data.name ?? "",
        reason: data.skip === true ? "" : data.skip,
      });
    const { file, nesting, details } = data;
    if ((type === "test:pass" || type === "test:fail") && nesting === 0 && file)
      tally.seconds[file] =
        (tally.seconds[file] ?? 0) + (details?.duration_ms ?? 0) / 1_000;
    // The summary comes last and overwrites a test's diagnostic of the same form.
    if (type === "test:diagnostic") {
      const [, name, count] = /^(\w+) (\d+)$/.exec(data.message ?? "") ?? [];
      if (name) tally.counts[name] = Number(count);
    }
  }
  yield JSON.stringify(tally, undefined, 2) + "\n";
}
