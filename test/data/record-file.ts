/**
 * Makes files of CIFAR's binary records for tests.
 */
import { open } from "node:fs/promises";

/** Bytes of a picture: three planes of 32 x 32. */
export const PICTURE_SIZE = 3 * 32 * 32;

/** A record: its label bytes, then the pixels of three planes, `value(channel, row, column)` each. */
export function record(
  labels: readonly number[],
  value: (channel: number, row: number, column: number) => number = () => 0,
): Uint8Array {
  const bytes = new Uint8Array(labels.length + PICTURE_SIZE);
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
 * Writes a file of `size` bytes that holds `parts` at the given positions and zeros elsewhere. The file system keeps no
 * room for the zeros, so that files as large as the publisher's cost next to nothing.
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
