/**
 * Training histories as tables, in the layout of a pandas DataFrame.
 */
import { checkCount } from "../check";
import { Table, type TableValue } from "../notebook/table";
import type { History } from "./history";

/** Options of {@link historyTable}. */
export interface HistoryTableOptions {
  /**
   * Maximum number of rows. A longer history shows its first and last epochs. All epochs by
   * default.
   */
  readonly rows?: number;
}

/**
 * Converts a history to a table with a row for each epoch and a column for each curve, like
 * `pd.DataFrame(history.history)` in Python. Epochs are counted from 1, and the last column is the
 * time of each epoch in seconds. A note states the epoch with the smallest validation loss.
 *
 * Throws a RangeError (`ERR_INVALID_VALUE`) if `rows` is not an integer of at least 2.
 */
export function historyTable(
  history: History,
  options: HistoryTableOptions = {},
): Table {
  const { rows = Math.max(2, history.epochs.length) } = options;
  checkCount("rows", rows, 2);
  const names = Object.keys(history.curves);
  const columns = ["epoch", ...names, "seconds"];
  const all = history.epochs.map((epoch, index): TableValue[] => [
    epoch,
    ...names.map((name) => history.curves[name]![index]!),
    history.seconds[index]!,
  ]);
  const omitted = all.length - rows;
  const first = Math.ceil(rows / 2);
  const shown =
    omitted <= 0
      ? all
      : [
          ...all.slice(0, first),
          columns.map(() => null),
          ...all.slice(first + omitted),
        ];
  const notes = [
    ...(omitted > 0 ? [`${omitted} of ${all.length} epochs are omitted`] : []),
    ...best(history),
  ];
  return new Table(columns, shown, { notes });
}

function best(history: History): string[] {
  const losses = history.curves.val_loss ?? [];
  if (losses.length === 0) return [];
  const least = Math.min(...losses);
  return [
    `Smallest val_loss: ${least.toFixed(4)} after epoch ${losses.indexOf(least) + 1}`,
  ];
}
