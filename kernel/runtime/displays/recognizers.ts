/**
 * Finds the display for a value by its kind.
 */
import { inspect, types } from "node:util";
import type { MimeBundle } from "@convnotes/notebook/mime";
import type { ValueDisplay } from "@convnotes/notebook/value-display";
import { dataFrameBundle } from "./data-frame";
import { imageBytesBundle } from "./image-bytes";
import { plainText } from "./plain-text";
import { plotlyFigureBundle } from "./plotly-figure";
import { valueTree } from "./value-tree";

/** Returns the MIME bundle of one kind of value, or undefined for other values. */
type Recognizer = (
  value: object,
) => MimeBundle | undefined | Promise<MimeBundle | undefined>;

/** Tried in this order, after the displays of libraries. */
const RECOGNIZERS: readonly Recognizer[] = [
  imageBytesBundle,
  dataFrameBundle,
  plotlyFigureBundle,
];

/**
 * Returns the MIME bundle of a value of a known kind, or undefined for other values. Never throws.
 * Returns a promise only if reading the value is asynchronous; the promise never rejects.
 *
 * @param displays The displays that libraries have registered.
 */
export function recognize(
  value: object,
  displays: readonly ValueDisplay[],
): MimeBundle | undefined | Promise<MimeBundle | undefined> {
  for (const recognizer of [...displays.map(recognizerOf), ...RECOGNIZERS]) {
    try {
      const bundle = recognizer(value);
      if (bundle instanceof Promise) return bundle.catch(() => undefined);
      if (bundle !== undefined) return bundle;
    } catch {
      // A value that only resembles a known kind, or a proxy that throws; it is shown as text.
    }
  }
  return undefined;
}

/**
 * Returns the bundle of an object of no known kind: its text, and a tree if the text has several
 * lines. A class that defines its own text has no tree.
 *
 * @param displays The displays that libraries have registered.
 */
export function otherObject(
  value: object,
  displays: readonly ValueDisplay[],
): MimeBundle {
  const text = plainText(value);
  const bundle = { "text/plain": text };
  if (!text.includes("\n") || hasOwnText(value)) return bundle;
  const tree = valueTree(value, displays);
  return tree === undefined ? bundle : { "text/html": tree, ...bundle };
}

function hasOwnText(value: object): boolean {
  return !types.isProxy(value) && inspect.custom in value;
}

function recognizerOf(display: ValueDisplay): Recognizer {
  return (value) =>
    display.matches(value) ? display.toMimeBundle(value) : undefined;
}
