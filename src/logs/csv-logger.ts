/**
 * A callback that writes the curves of a run as a table of comma-separated values.
 */
import {
  appendFileSync,
  readFileSync,
  statSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import type { tf } from "../engine/tensorflow";
import { coded } from "../notebook/coded-error";
import { onDisk } from "./on-disk";
import { pythonNumber } from "./python-number";
import {
  curvesOf,
  RunCallback,
  type RunObserver,
} from "../training/run-callback";

/** Options of {@link csvLogger}, named as in Keras's `CSVLogger`. */
export interface CsvLoggerOptions {
  /** Whether to keep the rows of an existing file, for a resumed run; false by default. */
  readonly append?: boolean;
  /** The character between two values; a comma by default. */
  readonly separator?: string;
}

/** The table of a run that continues: the length of the file, or null before the first row. */
interface SavedTable {
  readonly bytes: number | null;
}

/** Ends each line, as Python's module `csv` does by default (RFC 4180). */
const LINE_END = "\r\n";

/**
 * Returns a callback for `fit` and `model.fit` that writes a row for each epoch, as Keras's
 * `CSVLogger`: the epoch, from 0, and losses and metrics in alphabetical order. A run without
 * validation has columns for it, with `NA`. Numbers are written as Python writes them. Rows are on
 * disk before the next epoch begins. Without `append`, an existing file is replaced when the first
 * epoch of a run ends. Checkpoints contain the length of the table: a run that continues keeps the
 * rows until there, and each epoch has one row.
 *
 * Throws a RangeError (`ERR_INVALID_VALUE`) if `separator` is not one character, or a quotation
 * mark or line break. In a run, throws an Error (`ERR_DISK`) if the file cannot be written, and
 * (`ERR_FILE_FORMAT`) if `append` finds a table with other columns.
 */
export function csvLogger(
  file: string,
  options: CsvLoggerOptions = {},
): tf.CustomCallback {
  return new RunCallback(new CsvLog(file, options));
}

class CsvLog implements RunObserver {
  readonly #file: string;
  readonly #append: boolean;
  readonly #separator: string;
  #columns: readonly string[] | undefined;
  /** Whether the file has rows of this run, from another process. */
  #isContinued = false;

  constructor(file: string, options: CsvLoggerOptions) {
    const { append = false, separator = "," } = options;
    if ([...separator].length !== 1 || /["\r\n]/.test(separator)) {
      throw coded(
        "ERR_INVALID_VALUE",
        new RangeError(
          `Expected \`separator\` to be one character other than a quotation mark or line break, received ${JSON.stringify(separator)}`,
        ),
      );
    }
    this.#file = file;
    this.#append = append;
    this.#separator = separator;
  }

  readonly checkpoint = {
    checkpointName: "csvLogger",
    checkpointState: (): SavedTable => {
      const hasRows = this.#columns !== undefined || this.#isContinued;
      return { bytes: this.#append || hasRows ? this.#bytes() : null };
    },
    restoreCheckpointState: ({ bytes }: SavedTable): void => {
      const present = this.#bytes();
      // A file that is shorter was removed or replaced meanwhile.
      if (bytes === null || present < bytes) return;
      this.#isContinued = true;
      if (present === bytes) return;
      onDisk(this.#file, () => truncateSync(this.#file, bytes));
    },
  };

  readonly onTrainBegin = (): void => {
    this.#columns = undefined;
    this.#isContinued = false;
    onDisk(this.#file, () => appendFileSync(this.#file, ""));
  };

  readonly onEpochEnd = (epoch: number, logs?: tf.Logs): void => {
    const curves = new Map(curvesOf(logs));
    this.#columns ??= this.#begin(columnsOf([...curves.keys()]));
    this.#write([
      String(epoch),
      ...this.#columns.map((name) => {
        const value = curves.get(name);
        return value === undefined ? "NA" : pythonNumber(value);
      }),
    ]);
  };

  /** Writes the line of names, or checks the existing one. */
  #begin(columns: readonly string[]): readonly string[] {
    const names = this.#line(["epoch", ...columns]);
    if (!this.#append && !this.#isContinued) {
      onDisk(this.#file, () => writeFileSync(this.#file, names + LINE_END));
      return columns;
    }
    const existing = onDisk(this.#file, () => this.#existing());
    if (existing === "") {
      onDisk(this.#file, () => appendFileSync(this.#file, names + LINE_END));
      return columns;
    }
    const [found = "", ...rows] = existing.split(/\r?\n/);
    if (found !== names) {
      throw coded(
        "ERR_FILE_FORMAT",
        new Error(
          `Expected ${this.#file} to have the columns of this run (${names}), received ${found}`,
        ),
      );
    }
    this.#repairEnd(existing, rows.at(-1) ?? found);
    return columns;
  }

  /** Returns the content of the file; none if it is a device or a pipe, which may have no end. */
  #existing(): string {
    return this.#bytes() > 0 ? readFileSync(this.#file, "utf8") : "";
  }

  /** Returns the length of the file; 0 if it is a device or a pipe. */
  #bytes(): number {
    const status = statSync(this.#file, { throwIfNoEntry: false });
    return status?.isFile() ? status.size : 0;
  }

  /** Ends the last line, or removes it if it is incomplete: a run was killed while writing it. */
  #repairEnd(existing: string, last: string): void {
    if (last === "") return;
    const [names = ""] = existing.split(/\r?\n/, 1);
    const cells = last.replace(/\r$/, "").split(this.#separator);
    const isWhole =
      cells.length === names.split(this.#separator).length &&
      wholeValue.test(cells.at(-1)!);
    const before = existing.slice(0, existing.length - last.length);
    onDisk(this.#file, () =>
      isWhole
        ? appendFileSync(this.#file, last.endsWith("\r") ? "\n" : LINE_END)
        : truncateSync(this.#file, Buffer.byteLength(before)),
    );
  }

  #write(cells: readonly string[]): void {
    onDisk(this.#file, () =>
      appendFileSync(this.#file, this.#line(cells) + LINE_END),
    );
  }

  #line(cells: readonly string[]): string {
    const special = [this.#separator, '"', "\r", "\n"];
    return cells
      .map((cell) =>
        special.some((each) => cell.includes(each))
          ? `"${cell.replaceAll('"', '""')}"`
          : cell,
      )
      .join(this.#separator);
  }
}

/** A value as Python writes it, or that of a missing column. */
const wholeValue = /^(NA|nan|-?(inf|\d+(\.\d+)?(e[+-]\d+)?))$/;

/** Returns the columns after the epoch, in Keras's order. */
function columnsOf(names: readonly string[]): readonly string[] {
  const sorted = [...names].sort((one, other) => (one < other ? -1 : 1));
  return sorted.some((name) => name.startsWith("val_"))
    ? sorted
    : [...sorted, ...sorted.map((name) => `val_${name}`)];
}
