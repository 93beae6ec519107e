/**
 * Displays Plotly figures, which are objects with `data` and `layout`, with the notebook's
 * copy of plotly.js.
 */
import { coded } from "@convnotes/notebook/coded-error";
import { types } from "node:util";
import type { MimeBundle } from "@convnotes/notebook/mime";
import { singleLine } from "@convnotes/notebook/scalar-text";

/** MIME type of a Plotly figure. */
const PLOTLY = "application/vnd.plotly.v1+json";

/** Allowed properties of a figure; an object with others is not a figure. */
const PARTS = new Set(["data", "layout", "config", "frames"]);

/** A trace without a type, which Plotly draws as scatter, has at least one of these properties. */
const COORDINATES = ["x", "y"];

/** How many traces the text lists. */
const MOST_TRACES = 10;

/** Maximum nesting depth; deeper data is assumed to be cyclic. */
const DEEPEST = 50;

type JsonObject = Record<string, unknown>;

/**
 * Returns the MIME bundle of a Plotly figure, or undefined for other values.
 *
 * @throws {TypeError} If the figure contains a value that JSON cannot represent, such as a
 *   function.
 */
export function plotlyFigureBundle(value: object): MimeBundle | undefined {
  if (!isPlain(value)) return undefined;
  // Keys first: reading a property may run a getter. Listing all keys takes long if there are many.
  if (!Object.hasOwn(value, "data") || !Object.hasOwn(value, "layout")) {
    return undefined;
  }
  if (!Object.keys(value).every((key) => PARTS.has(key))) return undefined;
  const { data, layout } = value;
  if (
    !Array.isArray(data) ||
    !data.every(isTrace) ||
    !isPlain(layout) ||
    (data.length === 0 && Object.keys(layout).length === 0)
  ) {
    return undefined;
  }
  const figure = toJson(value) as JsonObject;
  return { [PLOTLY]: figure, "text/plain": describe(figure) };
}

function isTrace(value: unknown): boolean {
  if (!isPlain(value)) return false;
  if (value.type !== undefined) return typeof value.type === "string";
  return COORDINATES.some(
    (name) => Array.isArray(value[name]) || types.isTypedArray(value[name]),
  );
}

function isPlain(value: unknown): value is JsonObject {
  if (typeof value !== "object" || value === null) return false;
  const prototype = Object.getPrototypeOf(value) as object | null;
  // Not compared with Object.prototype, because the object may come from another realm.
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}

/**
 * Copies a value as JSON data. Typed arrays become arrays; NaN and infinities become null, which
 * plotly.js treats as gaps.
 */
function toJson(value: unknown, depth = 0): unknown {
  if (depth > DEEPEST) {
    throw coded(
      "ERR_INVALID_VALUE",
      new TypeError(
        `Expected a figure of at most ${DEEPEST} levels, received a deeper one.`,
      ),
    );
  }
  switch (typeof value) {
    case "string":
    case "boolean":
    case "undefined":
      return value;
    case "number":
      return Number.isFinite(value) ? value : null;
    case "bigint":
      return Number(value);
  }
  if (value === null) return null;
  if (Array.isArray(value) || types.isTypedArray(value)) {
    return Array.from(
      value as ArrayLike<unknown>,
      (item) => toJson(item, depth + 1) ?? null,
    );
  }
  if (types.isDate(value)) return dateText(value);
  if (isPlain(value)) {
    const entries = Object.entries(value).map(([key, item]) => [
      key,
      toJson(item, depth + 1),
    ]);
    return Object.fromEntries(entries) as JsonObject;
  }
  throw coded(
    "ERR_INVALID_TYPE",
    new TypeError(
      `Expected a figure of numbers, strings, dates, arrays and plain objects, received a ${typeof value}.`,
    ),
  );
}

/** Formats a date in local time without a time zone, as plotly.js reads date objects. */
function dateText(date: Date): string | null {
  const local = date.getTime() - date.getTimezoneOffset() * 60_000;
  return Number.isFinite(local)
    ? new Date(local).toISOString().slice(0, -1)
    : null;
}

/** Returns a text with the figure's title and traces. */
function describe({ data, layout }: JsonObject): string {
  const traces = data as readonly JsonObject[];
  const { title } = layout as JsonObject;
  const heading =
    typeof title === "string"
      ? title
      : (title as JsonObject | null | undefined)?.text;
  const names = traces
    .slice(0, MOST_TRACES)
    .map(({ type = "scatter", name }) =>
      typeof name === "string"
        ? `${type as string} "${name}"`
        : (type as string),
    );
  if (traces.length > MOST_TRACES) names.push("…");
  return [
    `Plotly figure${typeof heading === "string" ? ` "${singleLine(heading)}"` : ""}`,
    `${traces.length} ${traces.length === 1 ? "trace" : "traces"}${names.length > 0 ? `: ${names.map(singleLine).join(", ")}` : ""}`,
  ].join(", ");
}
