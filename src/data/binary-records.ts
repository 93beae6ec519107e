/**
 * Reads CIFAR's binary files, which are plain sequences of records.
 *
 * A record starts with one byte per label (CIFAR-10: one label; CIFAR-100: coarse, then fine). The
 * image follows in planes: all red values row by row, then green, then blue. Networks expect the
 * three values of a pixel next to each other, so the reader also transposes the images.
 *
 * Source: https://www.cs.toronto.edu/~kriz/cifar.html, section "Binary version".
 */
import { checkSamples } from "./check-samples";
import { FileDigests } from "./file-digests";
import { NdArray } from "./nd-array";
import { count, quantity } from "../notebook/quantity";
import { SIGNATURE_BYTES, kindOf } from "./signature";
import { SourceFile } from "./source-file";
import type { ByteReader } from "./source-file";

/** A file of records and the number of records in the publisher's version. */
export interface RecordFile {
  readonly path: string;
  readonly records: number;
}

/** Options of {@link readRecords}. */
export interface RecordOptions {
  /**
   * Accept files with fewer records than the publisher's; `samples` is then an upper limit.
   * Default: false.
   */
  readonly partial?: boolean;
  /** Opens the files, and keeps the digests of those that have known ones. */
  readonly digests?: FileDigests;
}

/** A file and the number of records in it. */
interface FoundRecords {
  readonly file: SourceFile;
  readonly records: number;
}

/** Destination of unpacked records, and the number of classes of each label byte. */
interface Target {
  readonly images: Uint8Array;
  readonly labels: Uint8Array;
  readonly labelClasses: readonly number[];
}

// About 1 MiB: large enough to make the cost of each read negligible, small enough for the CPU
// cache.
const RECORDS_PER_READ = 340;

const HEIGHT = 32;
const WIDTH = 32;
const CHANNELS = 3;
const PLANE_SIZE = HEIGHT * WIDTH;
const IMAGE_SIZE = PLANE_SIZE * CHANNELS;

/**
 * Reads the first `samples` records of a split stored in one or more files. Default: all records.
 *
 * `labelClasses` is the number of classes of each label byte, in file order: `[10]` for CIFAR-10,
 * `[20, 100]` for CIFAR-100. Returns images of shape (samples, 32, 32, 3) and labels of shape
 * (samples, number of label bytes). Reads no more than the requested records, but checks the size
 * of every file: a set with one damaged file is damaged.
 *
 * Throws a `DatasetError` if a file is missing, not a regular file, unreadable, empty or of
 * the wrong size, if it changes while it is read, if it contains a label outside its classes, or if
 * `samples` exceeds the number of records in the publisher's files.
 */
export async function readRecords(
  files: readonly RecordFile[],
  labelClasses: readonly number[],
  samples?: number,
  { partial = false, digests = new FileDigests() }: RecordOptions = {},
): Promise<{ images: NdArray; labels: NdArray }> {
  checkSamples(samples, sum(files));
  const size = IMAGE_SIZE + labelClasses.length;
  const found: FoundRecords[] = [];
  for (const file of files) found.push(await find(file, size, partial));

  const wanted = Math.min(samples ?? Infinity, sum(found));
  const images = new Uint8Array(wanted * IMAGE_SIZE);
  const labels = new Uint8Array(wanted * labelClasses.length);
  const target = { images, labels, labelClasses };
  let done = 0;
  for (const { file, records } of found) {
    const part = Math.min(records, wanted - done);
    if (part === 0) break;
    const first = done;
    await digests.read(file, (bytes) =>
      unpackAll(file, bytes, part, target, first),
    );
    done += part;
  }
  return {
    images: new NdArray(images, [wanted, HEIGHT, WIDTH, CHANNELS]),
    labels: new NdArray(labels, [wanted, labelClasses.length]),
  };
}

function sum(files: readonly { readonly records: number }[]): number {
  return files.reduce((total, { records }) => total + records, 0);
}

/** Finds a file and checks its type and size against the publisher's number of records. */
async function find(
  { path, records }: RecordFile,
  size: number,
  partial: boolean,
): Promise<FoundRecords> {
  const file = await SourceFile.find(path);
  const whole = Math.floor(file.size / size);
  const rest = file.size % size;
  const isPart = rest === 0 && whole > 0 && whole < records;
  const isAll = rest === 0 && whole === records;
  if (isAll || (isPart && partial)) return { file, records: whole };
  const atMost = partial ? "at most " : "";
  throw file.error({
    code: "ERR_FILE_DAMAGED",
    expected: `${file.name} to hold ${atMost}${count(records)} records of ${count(size)} bytes (${atMost}${count(records * size)} bytes in all)`,
    received: await describe(file, size),
    ...(isPart && {
      advice: "Set `partial: true` to accept a part of the data set.",
    }),
  });
}

/** Describes a file of the wrong size, for error messages. */
async function describe(file: SourceFile, size: number): Promise<string> {
  if (file.size === 0) return "an empty file";
  const head = new Uint8Array(SIGNATURE_BYTES);
  const length = await file.use((bytes) => bytes.read(head));
  const kind = kindOf(head.subarray(0, length));
  const bytes = quantity(file.size, "byte");
  if (kind !== undefined) return `${kind} of ${bytes}`;
  const whole = Math.floor(file.size / size);
  const rest = file.size % size;
  const end = rest === 0 ? "" : ` and ${quantity(rest, "byte")} at the end`;
  return `${bytes}: ${quantity(whole, "whole record")}${end}`;
}

/** Unpacks the first `records` records of a file into `target`, starting at row `firstRow`. */
async function unpackAll(
  file: SourceFile,
  bytes: ByteReader,
  records: number,
  target: Target,
  firstRow: number,
): Promise<void> {
  const size = IMAGE_SIZE + target.labelClasses.length;
  const buffer = new Uint8Array(Math.min(records, RECORDS_PER_READ) * size);
  for (let record = 0; record < records; record += RECORDS_PER_READ) {
    const part = Math.min(RECORDS_PER_READ, records - record);
    await bytes.read(buffer.subarray(0, part * size));
    unpack(file, buffer, part, target, firstRow + record);
  }
}

/**
 * Unpacks buffered records: checks and copies labels, and reorders pixels from planes to
 * channels-last.
 */
function unpack(
  file: SourceFile,
  buffer: Uint8Array,
  records: number,
  target: Target,
  firstRow: number,
): void {
  const { images, labels, labelClasses } = target;
  let source = 0;
  let label = firstRow * labelClasses.length;
  for (let row = firstRow; row < firstRow + records; row++) {
    for (const classes of labelClasses) {
      const value = buffer[source++]!;
      if (value >= classes) {
        throw file.error({
          code: "ERR_FILE_FORMAT",
          expected: `every label in ${file.name} to be from 0 to ${classes - 1}`,
          received: `${value} in row ${count(row)} of the split`,
        });
      }
      labels[label++] = value;
    }
    interleave(buffer, source, images, row);
    source += IMAGE_SIZE;
  }
}

/**
 * Writes the image whose planes start at `red` in `buffer` as image `row` of `images`, channels
 * last.
 *
 * Four pixels take twelve bytes, which are three 32-bit words. Writing words takes half the time of
 * writing bytes. The first byte goes into the lowest bits, because every machine that TensorFlow
 * runs on is little-endian.
 */
function interleave(
  buffer: Uint8Array,
  red: number,
  images: Uint8Array,
  row: number,
): void {
  const words = new Uint32Array(
    images.buffer,
    images.byteOffset + row * IMAGE_SIZE,
    IMAGE_SIZE / 4,
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
