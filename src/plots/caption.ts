/**
 * Captions that state the source of a figure's data.
 */
import type { Dataset } from "../data/dataset";

/** The fields of a data set that its caption uses. */
export type FigureSource = Pick<Dataset, "title" | "provenance">;

/**
 * Describes the source of a figure's data in one sentence, such as "Data: CIFAR-10, unverified
 * copy".
 *
 * For synthetic images the name of the data set is always preceded by "not".
 */
export function dataCaption({ title, provenance }: FigureSource): string {
  switch (provenance) {
    case "original":
      return `Data: ${title}, the publisher's files`;
    case "unverified":
      return `Data: ${title}, unverified copy`;
    case "synthetic":
      return `Data: synthetic images, not ${title}`;
  }
}
