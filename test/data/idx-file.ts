/**
 * Creates IDX files for tests.
 */
import { writeFile } from "node:fs/promises";
import path from "node:path";
import { Random } from "../../src/data/synthetic/random";
import type { IdxPaths } from "../../src/data/idx";

/** Magic numbers for images and labels. */
export const IMAGES = 2051;
export const LABELS = 2049;

/** Contents of the two files of a split. */
export interface IdxBytes {
  images: Buffer;
  labels: Buffer;
}

/** Returns the contents of an IDX file: a header followed by the values. */
export function idxBytes(
  magic: number,
  axes: readonly number[],
  values: Uint8Array,
): Buffer {
  const header = Buffer.alloc(4 + 4 * axes.length);
  header.writeUInt32BE(magic);
  axes.forEach((length, axis) => header.writeUInt32BE(length, 4 + 4 * axis));
  return Buffer.concat([header, values]);
}

/** Returns a split with random pixels and labels; `sides` are the height and width of an image. */
export function randomIdx(
  rows: number,
  sides: readonly [number, number],
  classes = 10,
  seed = 1,
): IdxBytes {
  const random = new Random(seed);
  const values = (length: number, end: number) =>
    Uint8Array.from({ length }, () => random.integer(end));
  return {
    images: idxBytes(
      IMAGES,
      [rows, ...sides],
      values(rows * sides[0] * sides[1], 256),
    ),
    labels: idxBytes(LABELS, [rows], values(rows, classes)),
  };
}

/** Writes a split to files named like MNIST's. */
export async function writeIdx(
  folder: string,
  { images, labels }: IdxBytes,
): Promise<IdxPaths> {
  const paths = {
    images: path.join(folder, "t10k-images-idx3-ubyte"),
    labels: path.join(folder, "t10k-labels-idx1-ubyte"),
  };
  await writeFile(paths.images, images);
  await writeFile(paths.labels, labels);
  return paths;
}
