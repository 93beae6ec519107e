/**
 * Expected facts about a lesson's outputs and results, as tables, and their checks.
 */
import assert from "node:assert/strict";
import type { ResultRow } from "../../src/course/result-row";
import type { Executed } from "./executed-notebook";

/** Bounds of a number: `from` and `to` are allowed values, `above` and `below` are not. */
export interface Bounds {
  readonly from?: number;
  readonly to?: number;
  readonly above?: number;
  readonly below?: number;
}

/** The expected value itself, a pattern of it, or bounds. */
export type Expected = string | number | null | RegExp | Bounds;

/** A part of a text, or a pattern and what is expected of the text of each of its groups. */
export type ExpectedText = string | RegExp | readonly [RegExp, ...Expected[]];

/** A model's summary, as printed. */
export interface Summary {
  /** One line per layer: name and type, output shape, parameters, with " | " in between. */
  readonly layers: string;
  readonly total: string;
  /** As printed, such as "49.95 KB"; not checked if omitted. */
  readonly size?: string;
  /** Zero if omitted. */
  readonly nonTrainable?: string;
}

/**
 * Expected facts. A place is a row of the lesson's source, or "#" and the id of a cell, which need
 * not belong to a row.
 */
export interface Facts {
  /** What the text of each place contains. */
  readonly texts?: Readonly<Record<string, readonly ExpectedText[]>>;
  readonly summaries?: Readonly<Record<string, Summary>>;
  /** Bounds of the columns of each place's rows of numbers, and how many rows there are. */
  readonly tables?: Readonly<
    Record<
      string,
      { readonly rows?: number; readonly columns?: readonly Bounds[] }
    >
  >;
  /** The number of figures at each place; all of them are labeled synthetic, not CIFAR-10. */
  readonly synthetic?: Readonly<Record<string, number>>;
  /** Fields of the results: one entry for each result of the lesson, in order. */
  readonly results?: readonly {
    readonly [Field in keyof ResultRow]?: Expected;
  }[];
  /** Facts that a table cannot state, by title. */
  readonly checks?: Readonly<Record<string, () => void>>;
}

/** Allows a deviation from a number. */
export function near(value: number, tolerance = 1e-4): Bounds {
  return { from: value - tolerance, to: value + tolerance };
}

/** Expects a line of a table: its name, then numbers. */
export function line(name: string, ...values: Expected[]): ExpectedText {
  const numbers = values.map(() => "([\\d.]+)").join(" +");
  return [new RegExp(`^${name} {2,}${numbers}(?: |$)`, "m"), ...values];
}

/** Expects that a text does not contain a part. */
export const without = (part: string) => new RegExp(`^(?![^]*${part})`);

/** Expects images that are not synthetic. */
export const real = /^(?:original|unverified)$/;

/** Returns the rows of a text table that consist of numbers. */
export const numbersOf = (text: string): number[][] =>
  text
    .split("\n")
    .map((each) => each.trim())
    .filter((each) => /^[\d.]+(?: +[\d.]+)+$/.test(each))
    .map((each) => each.split(/ +/).map(Number));

/** Returns the checks of a table of facts by title. */
export function checksOf(
  facts: Facts,
  executed: Executed,
  rows: readonly ResultRow[],
): Readonly<Record<string, () => void>> {
  const { texts = {}, summaries = {}, tables = {}, synthetic = {} } = facts;
  const { results } = facts;
  const checks: Record<string, () => void> = { ...facts.checks };
  for (const [place, expected] of Object.entries(texts)) {
    checks[`text of ${place}`] = () => {
      const text = executed.text(place);
      for (const each of expected) assertText(text, each);
    };
  }
  for (const [place, expected] of Object.entries(summaries)) {
    checks[`summary in ${place}`] = () =>
      assertSummary(executed.text(place), expected);
  }
  for (const [place, { rows, columns = [] }] of Object.entries(tables)) {
    checks[`numbers of ${place}`] = () => {
      const numbers = numbersOf(executed.text(place));
      assert.equal(numbers.length, rows ?? (numbers.length || 1));
      for (const values of numbers) {
        for (const [column, bounds] of columns.entries()) {
          assertValue(values[column], bounds, `column ${column} of ${values}`);
        }
      }
    };
  }
  for (const [place, count] of Object.entries(synthetic)) {
    checks[`figures of ${place}`] = () => {
      const figures = executed.figures(place);
      assert.equal(figures.length, count);
      for (const each of figures)
        assert.match(each, /synthetic images, not CIFAR-10/);
    };
  }
  results?.forEach((expected, index) => {
    checks[`result ${index + 1} of ${results.length}`] = () => {
      assert.equal(rows.length, results.length);
      for (const [field, value] of Object.entries(expected)) {
        assertValue(rows[index]![field as keyof ResultRow], value, field);
      }
    };
  });
  return checks;
}

function assertText(text: string, expected: ExpectedText): void {
  if (typeof expected === "string") {
    assert.ok(text.includes(expected), `no "${expected}" in\n${text}`);
  } else if (expected instanceof RegExp) {
    assert.match(text, expected);
  } else {
    const [pattern, ...values] = expected;
    assert.match(text, pattern);
    const groups = pattern.exec(text)!.slice(1);
    assert.equal(groups.length, values.length);
    for (const [index, value] of values.entries()) {
      assertValue(groups[index], value, `${pattern}, group ${index + 1}`);
    }
  }
}

/** Asserts that a value is the expected one. */
export function assertValue(
  value: unknown,
  expected: Expected,
  name: string,
): void {
  if (expected instanceof RegExp) {
    assert.match(String(value), expected, name);
  } else if (typeof expected !== "object" || expected === null) {
    assert.equal(value, expected, name);
  } else {
    const { from = -Infinity, to = Infinity } = expected;
    const { above = -Infinity, below = Infinity } = expected;
    const number = Number(value);
    assert.ok(
      number >= from && number <= to && number > above && number < below,
      `${name}: ${String(value)} is not within ${JSON.stringify(expected)}`,
    );
  }
}

/** Asserts that a text contains the summary, with every layer and total. */
function assertSummary(text: string, expected: Summary): void {
  const { layers, total, size, nonTrainable = "0" } = expected;
  assert.match(text, /^Model: "/m);
  const rows = layers.split("\n").map((layer) => layer.trim().split(" | "));
  const tables = text.split("└").map(tableRows);
  assert.deepEqual(
    tables.find(([first]) => first?.[0] === rows[0]![0]),
    rows,
  );
  const [all, rest] = [total, nonTrainable].map((written) =>
    Number(written.replaceAll(",", "")),
  );
  const trainable = (all! - rest!).toLocaleString("en-US");
  assert.match(
    text,
    new RegExp(`^Total params: ${total} \\(${size ?? ""}`, "m"),
  );
  assert.match(text, new RegExp(`^Trainable params: ${trainable} `, "m"));
  assert.match(
    text,
    new RegExp(`^Non-trainable params: ${nonTrainable} `, "m"),
  );
}

/** Returns the cells of a text table, line by line. */
function tableRows(text: string): string[][] {
  return text
    .split("\n")
    .filter((each) => each.startsWith("│"))
    .map((each) => each.split("│").slice(1, -1))
    .map((cells) => cells.map((cell) => cell.trim()));
}
