/**
 * The reader of CIFAR's binary files, which are nothing but records, one after the other.
 *
 * A record is one byte for each label the picture has (CIFAR-10: one; CIFAR-100: coarse, then fine), then the
 * picture in planes: all of its red values row by row, then green, then blue. The networks want the three values of a
 * pixel side by side, so that reading is also a transposition.
 *
 * Source: https://www.cs.toronto.edu/~kriz/cifar.html, section "Binary version".
 */
import { DatasetError } from "./dataset-error";
import { NdArray } from "./nd-array";
import { count, quantity } from "./quantity";
import { SIGNATURE_BYTES, kindOf } from "./signature";
import { SourceFile } from "./source-file";
import type { FileBytes } from "./source-file";

/** A file of records, and how many the publisher put into it. */
export interface RecordFile {
  readonly path: string;
  readonly records: number;
}

/** What can be told about how much of a split is there. */
export interface RecordOptions {
  /** Whether a file may hold fewer records than its publisher's; `samples` is then the most that is read. Default: false. */
  readonly partial?: boolean;
}

/** A file with the number of records it was found to hold. */
interface FoundRecords {
  readonly file: SourceFile;
  readonly records: number;
}

/** Where records are unpacked to, and how many classes each of their label bytes tells apart. */
interface Target {
  readonly images: Uint8Array;
  readonly labels: Uint8Array;
  readonly labelClasses: readonly number[];
}

// About a mebibyte: large enough that a read's own cost does not count, small enough to stay in the processor's cache.
const RECORDS_PER_READ = 340;

const HEIGHT = 32;
const WIDTH = 32;
const CHANNELS = 3;
const PLANE_SIZE = HEIGHT * WIDTH;
const PICTURE_SIZE = PLANE_SIZE * CHANNELS;

/**
 * Reads the first `samples` records of a split that lies in one or more files, and no more of the files than that; all there are if
 * `samples` is not given.
 *
 * `labelClasses` says for each label byte of a record, in the file's order, how many classes it tells apart: `[10]`
 * for CIFAR-10, `[20, 100]` for CIFAR-100. Returns images of shape (samples, 32, 32, 3) and labels of shape (samples, number of label
 * bytes). Every file's size is checked, also of those that need not be read: a set with a damaged file is a damaged set.
 * Throws a {@link DatasetError} if a file is missing, no file, unreadable, empty, of another size than its records
 * make, changes while it is read, or holds a label that is no class, or if the publisher's files hold fewer than `samples` records.
 */
export async function readRecords(
  files: readonly RecordFile[],
  labelClasses: readonly number[],
  samples?: number,
  { partial = false }: RecordOptions = {},
): Promise<{ images: NdArray; labels: NdArray }> {
  checkSamples(samples, sum(files));
  const size = PICTURE_SIZE + labelClasses.length;
  const found: FoundRecords[] = [];
  for (const file of files) found.push(await find(file, size, partial));

  const wanted = Math.min(samples ?? Infinity, sum(found));
  const images = new Uint8Array(wanted * PICTURE_SIZE);
  const labels = new Uint8Array(wanted * labelClasses.length);
  const target = { images, labels, labelClasses };
  let done = 0;
  for (const { file, records } of found) {
    const part = Math.min(records, wanted - done);
    if (part === 0) break;
    const first = done;
    await file.use((bytes) => unpackAll(file, bytes, part, target, first));
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

function checkSamples(samples: number | undefined, available: number): void {
  if (samples === undefined) return;
  if (Number.isInteger(samples) && samples >= 1 && samples <= available) return;
  throw new DatasetError({
    expected: `a number of samples from 1 to ${count(available)}`,
    received: count(samples),
  });
}

/** Holds a file's kind and size against what the publisher's records make. */
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
    expected: `${file.name} to hold ${atMost}${count(records)} records of ${count(size)} bytes (${atMost}${count(records * size)} bytes in all)`,
    received: await describe(file, size),
    ...(isPart && { advice: "`partial: true` accepts a part of the set." }),
  });
}

/** What a file is that is not of the right size. */
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

/** Unpacks a file's first `records` records into the rows of `target` that begin at `firstRow`. */
async function unpackAll(
  file: SourceFile,
  bytes: FileBytes,
  records: number,
  target: Target,
  firstRow: number,
): Promise<void> {
  const size = PICTURE_SIZE + target.labelClasses.length;
  const buffer = new Uint8Array(Math.min(records, RECORDS_PER_READ) * size);
  for (let record = 0; record < records; record += RECORDS_PER_READ) {
    const part = Math.min(RECORDS_PER_READ, records - record);
    await bytes.read(buffer.subarray(0, part * size));
    unpack(file, buffer, part, target, firstRow + record);
  }
}

/** Takes records apart: labels checked and copied, pixels moved from planes to channels-last. */
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
          expected: `every label in ${file.name} to be from 0 to ${classes - 1}`,
          received: `${value} in row ${count(row)} of the split`,
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
