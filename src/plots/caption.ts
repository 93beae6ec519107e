/**
 * The words under a figure that say which pictures it was made from.
 */
import type { Dataset } from "../data/dataset";

/** The two things a caption says about a data set. */
export type FigureSource = Pick<Dataset, "title" | "provenance">;

/**
 * One sentence on where a figure's data come from, such as "Data: CIFAR-10, unverified copy".
 *
 * Stand-in pictures are never called by the name of the set they stand in for without a "not" before it.
 */
export function dataCaption({ title, provenance }: FigureSource): string {
  switch (provenance) {
    case "original":
      return `Data: ${title}, the publisher's files`;
    case "unverified":
      return `Data: ${title}, unverified copy`;
    case "synthetic":
      return `Data: synthetic stand-in pictures, not ${title}`;
  }
}
