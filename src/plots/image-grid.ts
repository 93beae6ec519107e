/**
 * Pictures of a data set, with the names of their classes.
 */
import type { NdArray } from "../data/nd-array";
import type { Split } from "../data/split";
import { take } from "../data/take";
import type { FigureSource } from "./caption";
import type { Figure } from "./figure";
import { mosaic } from "./mosaic";
import { margin, note, pictureFigure } from "./picture-figure";

/** What {@link imageGrid} can be told. */
export interface ImageGridOptions {
  /** The data set the pictures are from. */
  readonly dataset: FigureSource;
  /** Number of rows; 5 unless told. */
  readonly rows?: number;
  /** Number of columns; 5 unless told. */
  readonly columns?: number;
  /** A sentence under the pictures. */
  readonly caption?: string;
}

/** What {@link classGrid} can be told. */
export interface ClassGridOptions {
  /** The data set the pictures are from. */
  readonly dataset: FigureSource;
  /** How many pictures of each class; 8 unless told. */
  readonly perClass?: number;
  /** A sentence under the pictures. */
  readonly caption?: string;
}

/** Screen pixels a pixel of a picture takes: a whole number, or the squares come out unequal. */
const imageGridScale = 3;
const classGridScale = 2;
/** White space between pictures, in pixels of the pictures. The name of a class stands in the gap below. */
const columnGap = 4;
const nameGap = 8;

/**
 * The first pictures in rows and columns, no ticks, the name of its class below each.
 *
 * `images` has shape (n, height, width[, channels]), `labels` (n, 1) with numbers of `classNames`. One picture is made
 * of them all, each of its pixels shown as a square of 3 by 3. Throws a RangeError if there are fewer pictures than
 * places, or if a label has no name.
 */
export async function imageGrid(
  images: NdArray,
  labels: NdArray,
  classNames: readonly string[],
  options: ImageGridOptions,
): Promise<Figure> {
  const { rows = 5, columns = 5, dataset, caption } = options;
  const picture = mosaic(images, { rows, columns, columnGap, rowGap: nameGap });
  const names = classNamesOf(labels, rows * columns, classNames);
  const annotations = picture.corners.map((corner, index) =>
    note(names[index]!, {
      x: corner.x + (picture.pictureWidth - 1) / 2,
      y: corner.y + picture.pictureHeight,
      xanchor: "center",
      yanchor: "top",
    }),
  );
  const lines = Array.from({ length: rows }, (_, row) =>
    names.slice(row * columns, (row + 1) * columns).join(", "),
  );
  return pictureFigure(picture, imageGridScale, annotations, margin, {
    dataset,
    caption,
    text: [`${rows} x ${columns} pictures, row by row:`, ...lines].join("\n"),
  });
}

/**
 * A row of pictures for each class, in the order of the class numbers, the name at its left.
 *
 * The pictures are the first of their class in `split`. Throws a RangeError if a class has too few.
 */
export async function classGrid(
  split: Split,
  classNames: readonly string[],
  options: ClassGridOptions,
): Promise<Figure> {
  const { perClass = 8, dataset, caption } = options;
  const places = classNames.flatMap((name, label) => {
    const found = firstOfClass(split.labels, label, perClass);
    if (found.length < perClass) {
      throw new RangeError(
        `Expected at least ${perClass} pictures of each class, received ${found.length} of "${name}"`,
      );
    }
    return found;
  });
  const picture = mosaic(take(split.images, places), {
    rows: classNames.length,
    columns: perClass,
    columnGap,
    rowGap: columnGap,
  });
  const annotations = classNames.map((name, label) => {
    const corner = picture.corners[label * perClass]!;
    return note(name, {
      // A place outside the axes' range would not be drawn: at their edge, and moved from there.
      x: -0.5,
      xshift: -6,
      y: corner.y + (picture.pictureHeight - 1) / 2,
      xanchor: "right",
      yanchor: "middle",
    });
  });
  const longest = Math.max(...classNames.map((name) => name.length));
  return pictureFigure(
    picture,
    classGridScale,
    annotations,
    margin + 8 * longest,
    {
      dataset,
      caption,
      text: `${perClass} pictures of each class: ${classNames.join(", ")}`,
    },
  );
}

function classNamesOf(
  labels: NdArray,
  count: number,
  classNames: readonly string[],
): string[] {
  if (labels.data.length < count) {
    throw new RangeError(
      `Expected a label for each of ${count} pictures, received ${labels.data.length}`,
    );
  }
  return Array.from(labels.data.subarray(0, count), (label) => {
    const name = classNames[label];
    if (name === undefined) {
      throw new RangeError(
        `Expected labels from 0 to ${classNames.length - 1}, received ${label}`,
      );
    }
    return name;
  });
}

function firstOfClass(labels: NdArray, label: number, count: number): number[] {
  const found: number[] = [];
  for (let index = 0; index < labels.data.length; index++) {
    if (found.length === count) break;
    if (labels.data[index] === label) found.push(index);
  }
  return found;
}
