/**
 * Training histories as DataFrames.
 *
 * Imported separately, as `import { historyFrame } from "convnotes/training/history-frame"`,
 * because danfojs and its types take time to load.
 */
import type { DataFrame } from "danfojs-node";
import { coded } from "../notebook/coded-error";
import { jupyterDisplay } from "../notebook/mime";
import type { History } from "./history";
import { historyTable } from "./history-table";

/**
 * Converts a history to a danfojs DataFrame with a row for each epoch, indexed from 1, and a column
 * for each curve, like `pd.DataFrame(history.history)` in Python. As a cell's last value it is
 * displayed like {@link historyTable}.
 *
 * `frame.toExcel({ filePath, sheetName })` writes the curves to an Excel file, without the epochs.
 *
 * The first call loads danfojs, which takes about a second. Throws a RangeError
 * (`ERR_INVALID_VALUE`) if the history has no finished epoch.
 */
export function historyFrame(history: History): DataFrame {
  const { curves, epochs } = history;
  if (epochs.length === 0) {
    throw coded(
      "ERR_INVALID_VALUE",
      new RangeError(
        "Expected a history with at least one finished epoch, received an empty one",
      ),
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
