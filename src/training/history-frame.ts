/**
 * A training run as a DataFrame, to be sorted, sliced and averaged.
 *
 * `import { historyFrame } from "convnotes/training/history-frame"`: apart from the rest, so that only who asks for a DataFrame waits for
 * danfojs and its types.
 */
import type { DataFrame } from "danfojs-node";
import { jupyterDisplay } from "../notebook/mime";
import type { History } from "./history";
import { historyTable } from "./history-table";

/**
 * The history as a DataFrame of danfojs: a row for each epoch, which its index counts from 1, and a column for each curve, as
 * `pd.DataFrame(history.history)` in Python. As the last value of a cell it is shown as {@link historyTable} shows it.
 *
 * danfojs takes a second to load and is loaded by the first call. Throws a RangeError if no epoch was finished.
 */
export function historyFrame(history: History): DataFrame {
  const { curves, epochs } = history;
  if (epochs.length === 0) {
    throw new RangeError(
      "Expected a history of at least one finished epoch, received one of none",
    );
  }
  // eslint-disable-next-line @typescript-eslint/no-require-imports -- an import at the top would load it with the library
  const danfo = require("danfojs-node") as typeof import("danfojs-node");
  const columns = Object.entries(curves).map(([name, values]) => [
    name,
    [...values],
  ]);
  const frame = new danfo.DataFrame(Object.fromEntries(columns), {
    index: [...epochs],
  });
  Object.defineProperty(frame, jupyterDisplay, {
    value: () => historyTable(history)[jupyterDisplay](),
  });
  return frame;
}
