/**
 * Makes IDX files for tests.
 */
import { writeFile } from "node:fs/promises";
import path from "node:path";
import { Random } from "../../src/data/synthetic/random";
import type { IdxPaths } from "../../src/data/idx";

/** Magic numbers of pictures and of labels. */
export const IMAGES = 2051;
export const LABELS = 2049;

/** The contents of the two files of a split. */
export interface IdxBytes {
  images: Buffer;
  labels: Buffer;
}

/** A header, numbers big-endian, and what comes behind it. */
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

/** A split of pictures of the given sides with pixels and labels at random. */
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

/** Writes a split under MNIST's names. */
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
