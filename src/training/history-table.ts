/**
 * A training run as a table of numbers, the shape in which pandas shows a history.
 */
import { Table, type TableValue } from "../notebook/table";
import type { History } from "./history";

/** What {@link historyTable} can be told. */
export interface HistoryTableOptions {
  /** Rows that are shown at most; of a longer run the first and the last epochs. All are shown unless told. */
  readonly rows?: number;
}

/**
 * A row for each epoch and a column for each curve, as `pd.DataFrame(history.history)` in Python, with epochs from 1 and the
 * time of each in seconds. The table's note says which epoch had the smallest loss on validation.
 *
 * Throws a RangeError if `rows` is not a whole number from 2.
 */
export function historyTable(
  history: History,
  options: HistoryTableOptions = {},
): Table {
  const { rows = Math.max(2, history.epochs.length) } = options;
  if (!Number.isInteger(rows) || rows < 2) {
    throw new RangeError(
      `Expected \`rows\` to be a whole number from 2, received ${rows}`,
    );
  }
  const names = Object.keys(history.curves);
  const columns = ["epoch", ...names, "seconds"];
  const all = history.epochs.map((epoch, index): TableValue[] => [
    epoch,
    ...names.map((name) => history.curves[name]![index]!),
    history.seconds[index]!,
  ]);
  const left = all.length - rows;
  const first = Math.ceil(rows / 2);
  const shown =
    left <= 0
      ? all
      : [
          ...all.slice(0, first),
          columns.map(() => null),
          ...all.slice(first + left),
        ];
  const notes = [
    ...(left > 0 ? [`${left} of ${all.length} epochs are left out`] : []),
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
