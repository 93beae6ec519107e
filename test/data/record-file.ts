/**
 * Creates files of CIFAR's binary records for tests.
 */
import { open } from "node:fs/promises";

/** Size of an image in bytes: three planes of 32 x 32. */
export const IMAGE_SIZE = 3 * 32 * 32;

/** Returns a record: the label bytes, then three planes of pixels given by `value`. */
export function record(
  labels: readonly number[],
  value: (channel: number, row: number, column: number) => number = () => 0,
): Uint8Array {
  const bytes = new Uint8Array(labels.length + IMAGE_SIZE);
  bytes.set(labels);
  let index = labels.length;
  for (let channel = 0; channel < 3; channel++) {
    for (let row = 0; row < 32; row++) {
      for (let column = 0; column < 32; column++) {
        bytes[index++] = value(channel, row, column);
      }
    }
  }
  return bytes;
}

/**
 * Writes a sparse file of `size` bytes, with `parts` at the given positions and zeros elsewhere.
 *
 * The file system stores no zeros, so files as large as the publisher's take almost no space.
 */
export async function writeSparse(
  file: string,
  size: number,
  parts: Record<number, Uint8Array> = {},
): Promise<void> {
  const handle = await open(file, "w");
  try {
    await handle.truncate(size);
    for (const [position, bytes] of Object.entries(parts)) {
      await handle.write(bytes, 0, bytes.length, Number(position));
    }
  } finally {
    await handle.close();
  }
}
