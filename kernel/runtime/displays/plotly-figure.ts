/**
 * An object of `data` and `layout`, as plotly.js takes it, is shown by the notebook's own
 * copy of plotly.js.
 */
import { types } from "node:util";
import type { MimeBundle } from "../channel";
import { singleLine } from "./scalar-text";

/** MIME type of a Plotly figure. */
const PLOTLY = "application/vnd.plotly.v1+json";

/** What a figure may have; an object with anything else is something else. */
const PARTS = new Set(["data", "layout", "config", "frames"]);

/** Properties of which a trace without a type, a scatter trace to Plotly, has at least one. */
const COORDINATES = ["x", "y"];

/** How many traces the text names. */
const MOST_TRACES = 10;

/** Nothing that is plotted is nested deeper; what is refers to itself. */
const DEEPEST = 50;

type JsonObject = Record<string, unknown>;

/**
 * The bundle of a Plotly figure; undefined for anything else.
 *
 * @throws {TypeError} If the figure holds something without a form in JSON, such as a function.
 */
export function plotlyFigureBundle(value: object): MimeBundle | undefined {
  if (!isPlain(value)) return undefined;
  // By its names first: to ask for a property may run a getter. To list all names takes long where there are many.
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
  // Compared by shape: an object may come from another realm, with an Object of its own.
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}

/** Copies a value into what JSON has: typed arrays become arrays, NaN and infinities null, as plotly.js reads gaps. */
function toJson(value: unknown, depth = 0): unknown {
  if (depth > DEEPEST) {
    throw new TypeError(
      `Expected a figure of at most ${DEEPEST} levels, received one of more.`,
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
  throw new TypeError(
    `Expected a figure of numbers, texts, dates, lists and plain objects, received a ${typeof value}.`,
  );
}

/** A date in local time and without a zone, which is how plotly.js reads a date object. */
function dateText(date: Date): string | null {
  const local = date.getTime() - date.getTimezoneOffset() * 60_000;
  return Number.isFinite(local)
    ? new Date(local).toISOString().slice(0, -1)
    : null;
}

/** The figure in words: its title, and what its traces are. */
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
