/**
 * Finds the wall that a value belongs on.
 */
import type { MimeBundle } from "../channel";
import { dataFrameBundle } from "./data-frame";
import { imageBytesBundle } from "./image-bytes";
import { layersModelBundle } from "./layers-model";
import { plotlyFigureBundle } from "./plotly-figure";
import { tensorBundle } from "./tensor";

/** Makes the bundle of the kind of value it knows; the others are not its business. */
type Recogniser = (
  value: object,
) => MimeBundle | undefined | Promise<MimeBundle | undefined>;

/** Asked in this order; the first that knows the value shows it. */
const RECOGNISERS: readonly Recogniser[] = [
  imageBytesBundle,
  tensorBundle,
  layersModelBundle,
  dataFrameBundle,
  plotlyFigureBundle,
];

/**
 * The bundle of a value of a known kind; undefined for any other. Never throws, and gives a promise only where there is
 * something to wait for. The promise never rejects.
 */
export function recognise(
  value: object,
): MimeBundle | undefined | Promise<MimeBundle | undefined> {
  for (const recogniser of RECOGNISERS) {
    try {
      const bundle = recogniser(value);
      if (bundle instanceof Promise) return bundle.catch(() => undefined);
      if (bundle !== undefined) return bundle;
    } catch {
      // A value that only looked like one, or a proxy that refuses to be looked at: it is still shown as text.
    }
  }
  return undefined;
}
