/**
 * Finds the display for a value by its kind.
 */
import type { MimeBundle } from "@convnotes/notebook/mime";
import { dataFrameBundle } from "./data-frame";
import { imageBytesBundle } from "./image-bytes";
import { layersModelBundle } from "./layers-model";
import { plotlyFigureBundle } from "./plotly-figure";
import { tensorBundle } from "./tensor";

/** Returns the MIME bundle of one kind of value, or undefined for other values. */
type Recognizer = (
  value: object,
) => MimeBundle | undefined | Promise<MimeBundle | undefined>;

/** Tried in this order; the first that recognizes a value provides its bundle. */
const RECOGNIZERS: readonly Recognizer[] = [
  imageBytesBundle,
  tensorBundle,
  layersModelBundle,
  dataFrameBundle,
  plotlyFigureBundle,
];

/**
 * Returns the MIME bundle of a value of a known kind, or undefined for other values. Never throws.
 * Returns a promise only if reading the value is asynchronous; the promise never rejects.
 */
export function recognize(
  value: object,
): MimeBundle | undefined | Promise<MimeBundle | undefined> {
  for (const recognizer of RECOGNIZERS) {
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
