/**
 * Data room: the reader of CIFAR's binary files, which are nothing but records, one after the other.
 *
 * A record is one byte for each label the picture has (CIFAR-10: one; CIFAR-100: coarse, then fine), then the
 * picture in planes: all of its red values row by row, then green, then blue. The networks want the three values of a
 * pixel side by side, so that reading is also a transposition.
 *
 * Source: https://www.cs.toronto.edu/~kriz/cifar.html, section "Binary version".
 */
import { open, stat } from "node:fs/promises";
import type { FileHandle } from "node:fs/promises";
import path from "node:path";
import { DatasetError } from "./dataset-error";
import { NdArray } from "./nd-array";

/** A file of records, and how many the publisher put into it. */
export interface RecordFile {
  readonly path: string;
  readonly records: number;
}

// About a mebibyte: large enough that a read's own cost does not count, small enough to stay in the processor's cache.
const RECORDS_PER_READ = 340;

const HEIGHT = 32;
const WIDTH = 32;
const CHANNELS = 3;
const PLANE_SIZE = HEIGHT * WIDTH;
const PICTURE_SIZE = PLANE_SIZE * CHANNELS;

/**
 * Reads the first `samples` records of a split that lies in one or more files, and no more of the files than that.
 *
 * `labelClasses` says for each label byte of a record, in the file's order, how many classes it tells apart: `[10]`
 * for CIFAR-10. Returns images of shape (samples, 32, 32, 3) and labels of shape (samples, number of label bytes).
 * Every file's size is checked, also of those that need not be read: a set with a damaged file is a damaged set.
 * Throws a {@link DatasetError} if a file is missing, no file, unreadable, empty, of another size than its records
 * make, or holds a label that is no class, or if the files hold fewer than `samples` records.
 */
export async function readRecords(
  files: readonly RecordFile[],
  labelClasses: readonly number[],
  samples: number,
): Promise<{ images: NdArray; labels: NdArray }> {
  const available = files.reduce((sum, file) => sum + file.records, 0);
  if (!Number.isInteger(samples) || samples < 1 || samples > available) {
    throw new DatasetError({
      expected: `a number of samples from 1 to ${count(available)}`,
      received: count(samples),
    });
  }
  for (const file of files)
    await checkSize(file, PICTURE_SIZE + labelClasses.length);

  const images = new Uint8Array(samples * PICTURE_SIZE);
  const labels = new Uint8Array(samples * labelClasses.length);
  let done = 0;
  for (const file of files) {
    const wanted = Math.min(file.records, samples - done);
    if (wanted === 0) break;
    await readFile(file, wanted, labelClasses, images, labels, done);
    done += wanted;
  }
  return {
    images: new NdArray(images, [samples, HEIGHT, WIDTH, CHANNELS]),
    labels: new NdArray(labels, [samples, labelClasses.length]),
  };
}

/** Holds a file's kind and size against what the publisher's records make, without opening it. */
async function checkSize(file: RecordFile, size: number): Promise<void> {
  const name = path.basename(file.path);
  const found = await stat(file.path).catch((cause: unknown) => {
    throw unreadable(file.path, cause);
  });
  if (!found.isFile()) {
    throw new DatasetError({
      expected: `${name} to be a file`,
      received: found.isDirectory()
        ? "a directory"
        : "neither a file nor a directory",
      file: file.path,
    });
  }
  if (found.size === file.records * size) return;
  const whole = Math.floor(found.size / size);
  const rest = found.size % size;
  throw new DatasetError({
    expected: `${name} to hold ${count(file.records)} records of ${count(size)} bytes (${count(file.records * size)} bytes in all)`,
    received:
      found.size === 0
        ? "an empty file"
        : `${count(found.size)} bytes: ${quantity(whole, "whole record")}` +
          (rest === 0 ? "" : ` and ${quantity(rest, "byte")} at the end`),
    file: file.path,
  });
}

/** Reads a file's first `records` records into the rows of `images` and `labels` that begin at `firstRow`. */
async function readFile(
  file: RecordFile,
  records: number,
  labelClasses: readonly number[],
  images: Uint8Array,
  labels: Uint8Array,
  firstRow: number,
): Promise<void> {
  const size = PICTURE_SIZE + labelClasses.length;
  const buffer = Buffer.allocUnsafe(Math.min(records, RECORDS_PER_READ) * size);
  const handle = await open(file.path).catch((cause: unknown) => {
    throw unreadable(file.path, cause);
  });
  try {
    for (let record = 0; record < records; record += RECORDS_PER_READ) {
      const part = Math.min(RECORDS_PER_READ, records - record);
      await readWhole(handle, buffer.subarray(0, part * size), file);
      unpack(
        buffer,
        part,
        labelClasses,
        images,
        labels,
        firstRow + record,
        file,
      );
    }
  } finally {
    await handle.close();
  }
}

/** Fills `target` from where the file was read to last; a single read may give less than was asked for. */
async function readWhole(
  handle: FileHandle,
  target: Uint8Array,
  file: RecordFile,
): Promise<void> {
  let filled = 0;
  while (filled < target.length) {
    const { bytesRead } = await handle
      .read(target, filled, target.length - filled, null)
      .catch((cause: unknown) => {
        throw unreadable(file.path, cause);
      });
    if (bytesRead === 0) {
      throw new DatasetError({
        expected: `${path.basename(file.path)} to stay as it is while it is read`,
        received: "its end too early",
        file: file.path,
      });
    }
    filled += bytesRead;
  }
}

/** Takes records apart: labels checked and copied, pixels moved from planes to channels-last. */
function unpack(
  buffer: Uint8Array,
  records: number,
  labelClasses: readonly number[],
  images: Uint8Array,
  labels: Uint8Array,
  firstRow: number,
  file: RecordFile,
): void {
  let source = 0;
  let label = firstRow * labelClasses.length;
  for (let row = firstRow; row < firstRow + records; row++) {
    for (const classes of labelClasses) {
      const value = buffer[source++]!;
      if (value >= classes) {
        throw new DatasetError({
          expected: `every label in ${path.basename(file.path)} to be from 0 to ${classes - 1}`,
          received: `${value} in row ${count(row)} of the split`,
          file: file.path,
        });
      }
      labels[label++] = value;
    }
    interleave(buffer, source, images, row);
    source += PICTURE_SIZE;
  }
}

/**
 * Writes the picture whose planes begin at `red` in `buffer` as picture `row` of `images`, channels last.
 *
 * Four pixels are twelve bytes, which are three 32-bit words: writing words takes half the time of writing bytes.
 * First byte in the lowest bits, since every machine that TensorFlow runs on is little-endian.
 */
function interleave(
  buffer: Uint8Array,
  red: number,
  images: Uint8Array,
  row: number,
): void {
  const words = new Uint32Array(
    images.buffer,
    images.byteOffset + row * PICTURE_SIZE,
    PICTURE_SIZE / 4,
  );
  let word = 0;
  for (let r = red; r < red + PLANE_SIZE; r += 4) {
    const g = r + PLANE_SIZE;
    const b = g + PLANE_SIZE;
    words[word] =
      buffer[r]! |
      (buffer[g]! << 8) |
      (buffer[b]! << 16) |
      (buffer[r + 1]! << 24);
    words[word + 1] =
      buffer[g + 1]! |
      (buffer[b + 1]! << 8) |
      (buffer[r + 2]! << 16) |
      (buffer[g + 2]! << 24);
    words[word + 2] =
      buffer[b + 2]! |
      (buffer[r + 3]! << 8) |
      (buffer[g + 3]! << 16) |
      (buffer[b + 3]! << 24);
    word += 3;
  }
}

/** Turns the file system's error into one of ours. */
function unreadable(file: string, cause: unknown): DatasetError {
  const { code, message } = cause as NodeJS.ErrnoException;
  return new DatasetError({
    expected: `${path.basename(file)} to be a file that can be read`,
    received: code === "ENOENT" ? "no such file" : (code ?? message),
    file,
    cause,
  });
}

/** Writes a number as people read it: 30,730,000. */
function count(value: number): string {
  return value.toLocaleString("en");
}

/** Writes a number of things: 1 byte, 2,048 bytes. */
function quantity(value: number, thing: string): string {
  return `${count(value)} ${thing}${value === 1 ? "" : "s"}`;
}
