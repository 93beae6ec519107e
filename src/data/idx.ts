/**
 * Reads plain or gzipped IDX files, the format of MNIST and of data sets modeled on it.
 *
 * A file contains one array: a magic number, the length of every axis, then the values row by row.
 * The third byte of the magic number is the type of the values (8: unsigned bytes), the fourth is
 * the number of axes. The magic number and the lengths are 32-bit big-endian integers. Images have
 * shape (n, height, width), labels have shape (n).
 *
 * Source: http://yann.lecun.com/exdb/mnist/, section "File formats for the MNIST database".
 */
import { checkSamples } from "./check-samples";
import { FileDigests } from "./file-digests";
import { MAX_RATIO } from "./gunzip-reader";
import { NdArray } from "./nd-array";
import { count, quantity } from "../notebook/quantity";
import { SIGNATURE_BYTES, kindOf } from "./signature";
import { SourceFile } from "./source-file";
import type { ByteReader } from "./source-file";

/** Paths of the two files of a split. */
export interface IdxPaths {
  readonly images: string;
  readonly labels: string;
}

/** Expected contents of a split, and how much of it to read. */
export interface IdxOptions {
  /**
   * Shape of an image: height and width, optionally followed by 1 for a channel axis in the result.
   */
  readonly shape: readonly number[];
  /** Number of classes. */
  readonly classes: number;
  /** Number of images in the publisher's version of the split. */
  readonly records: number;
  /** Number of images to read from the start; nothing beyond them is decompressed. Default: all. */
  readonly samples?: number | undefined;
  /**
   * Accept files with fewer than `records` images; `samples` is then an upper limit. Default:
   * false.
   */
  readonly partial?: boolean;
}

/** One of the two files of a split, with the name and the shape of its rows. */
interface Part {
  readonly file: SourceFile;
  readonly rows: "images" | "labels";
  readonly rowShape: readonly number[];
}

/** Magic number for unsigned bytes, without the number of axes in its lowest byte. */
const UNSIGNED_BYTES = 0x0800;

/**
 * Reads the first images and labels of a split.
 *
 * Returns images of shape (n, ...shape) with values 0 to 255, and labels of shape (n, 1). Reading a
 * file to its end verifies that it is complete. The unread rest of a gzipped file is not checked.
 *
 * Throws a `DatasetError` if a file:
 * - is missing, unreadable or not a regular file;
 * - is not an IDX file of the expected kind;
 * - differs in size from its header or from the publisher's version;
 * - is a damaged or truncated gzip file;
 * - changes while it is read;
 * - contains a label outside the classes.
 *
 * Also throws one if the numbers of images and labels differ, or if `samples` exceeds `records`.
 *
 * @param digests Opens the files, and keeps the digests of those that have known ones.
 */
export async function readIdxSplit(
  paths: IdxPaths,
  options: IdxOptions,
  digests = new FileDigests(),
): Promise<{ images: NdArray; labels: NdArray }> {
  const { shape, classes, records, samples } = options;
  checkSamples(samples, records);
  // The files have no axis for a single channel.
  const sides = shape.filter((length, axis) => axis < 2 || length !== 1);
  const images: Part = {
    file: await SourceFile.find(paths.images),
    rows: "images",
    rowShape: sides,
  };
  const labels: Part = {
    file: await SourceFile.find(paths.labels),
    rows: "labels",
    rowShape: [],
  };
  return digests.readUnpacked(images.file, (imageBytes, isImagesPacked) =>
    digests.readUnpacked(labels.file, async (labelBytes, isLabelsPacked) => {
      const available = await readHeader(images, imageBytes, isImagesPacked);
      const labelCount = await readHeader(labels, labelBytes, isLabelsPacked);
      checkCounts(images.file, available, labels.file, labelCount);
      checkRecords(images, available, options);

      const wanted = Math.min(samples ?? Infinity, available);
      const isAll = wanted === available;
      const labelData = await readRows(labels, labelBytes, wanted, isAll);
      checkLabels(labels.file, labelData, classes);
      const imageData = await readRows(images, imageBytes, wanted, isAll);
      return {
        images: new NdArray(imageData, [wanted, ...shape]),
        labels: new NdArray(labelData, [wanted, 1]),
      };
    }),
  );
}

/**
 * Reads the header, checks it against the expected kind and the file size, and returns the number
 * of rows.
 */
async function readHeader(
  part: Part,
  bytes: ByteReader,
  isPacked: boolean,
): Promise<number> {
  const { file, rows, rowShape } = part;
  const header = Buffer.alloc(4 + 4 * (1 + rowShape.length));
  const length = await bytes.read(header);
  const magic = magicOf(rowShape);
  if (length < 4 || header.readUInt32BE() !== magic) {
    throw file.error({
      code: "ERR_FILE_FORMAT",
      expected: `${file.name} to begin with ${magic}, the IDX magic number for ${rows}`,
      received: await describe(
        part,
        bytes,
        header.subarray(0, length),
        isPacked,
      ),
    });
  }
  if (length < header.length) {
    throw file.error({
      code: "ERR_FILE_FORMAT",
      expected: `${file.name} to have a header of ${header.length} bytes`,
      received: `${length} bytes`,
    });
  }
  const axes = Array.from({ length: 1 + rowShape.length }, (_, axis) =>
    header.readUInt32BE(4 + 4 * axis),
  );
  const [available, ...sides] = axes as [number, ...number[]];
  if (sides.some((side, axis) => side !== rowShape[axis])) {
    throw file.error({
      code: "ERR_FILE_FORMAT",
      expected: `${file.name} to contain ${rows} of ${rowShape.join(" x ")} pixels`,
      received: `${rows} of ${sides.join(" x ")} pixels`,
    });
  }
  checkSize(part, available, header.length, isPacked);
  return available;
}

/**
 * Throws a `DatasetError` if the file cannot contain the number of rows in its header.
 *
 * A gzipped file is checked against the maximum compression ratio, before memory is allocated.
 */
function checkSize(
  { file, rows, rowShape }: Part,
  available: number,
  header: number,
  isPacked: boolean,
): void {
  const size = header + available * sizeOf(rowShape);
  const isRight = isPacked ? size <= file.size * MAX_RATIO : size === file.size;
  if (isRight) return;
  throw file.error({
    code: "ERR_FILE_FORMAT",
    expected: `${file.name} to have ${quantity(size, "byte")} for the ${count(available)} ${rows} in its header`,
    received: isPacked
      ? `${quantity(file.size, "byte")}, too few to unpack to that size`
      : quantity(file.size, "byte"),
  });
}

function checkCounts(
  images: SourceFile,
  imageCount: number,
  labels: SourceFile,
  labelCount: number,
): void {
  if (imageCount === labelCount) return;
  throw labels.error({
    code: "ERR_FILE_FORMAT",
    expected: `${labels.name} to contain a label for each of the ${count(imageCount)} images in ${images.name}`,
    received: quantity(labelCount, "label"),
  });
}

function checkRecords(
  { file }: Part,
  available: number,
  { records, partial = false }: IdxOptions,
): void {
  if (available === records) return;
  const isPart = available > 0 && available < records;
  if (partial && isPart) return;
  throw file.error({
    code: "ERR_FILE_DAMAGED",
    expected: partial
      ? `${file.name} to contain from 1 to ${quantity(records, "image")}`
      : `${file.name} to contain ${quantity(records, "image")}`,
    received: quantity(available, "image"),
    ...(isPart && {
      advice: "Set `partial: true` to accept a part of the data set.",
    }),
  });
}

/** Reads `wanted` rows after the header. If `isAll`, no bytes may follow them. */
async function readRows(
  { file, rows, rowShape }: Part,
  bytes: ByteReader,
  wanted: number,
  isAll: boolean,
): Promise<Uint8Array> {
  const size = sizeOf(rowShape);
  const data = new Uint8Array(wanted * size);
  const length = await bytes.read(data);
  const more = isAll ? await bytes.read(new Uint8Array(1)) : 0;
  if (length === data.length && more === 0) return data;
  throw file.error({
    code: "ERR_FILE_FORMAT",
    expected: `${file.name} to unpack to the ${quantity(data.length, "byte")} of ${count(wanted)} ${rows}`,
    received: more === 0 ? quantity(length, "byte") : "more",
  });
}

function checkLabels(
  file: SourceFile,
  labels: Uint8Array,
  classes: number,
): void {
  const row = labels.findIndex((label) => label >= classes);
  if (row === -1) return;
  throw file.error({
    code: "ERR_FILE_FORMAT",
    expected: `every label in ${file.name} to be from 0 to ${classes - 1}`,
    received: `${labels[row]} in row ${count(row)}`,
  });
}

/** Describes a file with a wrong magic number, for error messages. */
async function describe(
  { file, rowShape }: Part,
  bytes: ByteReader,
  begin: Uint8Array,
  isPacked: boolean,
): Promise<string> {
  const rest = new Uint8Array(SIGNATURE_BYTES);
  const length = await bytes.read(rest);
  const head = Buffer.concat([begin, rest.subarray(0, length)]);
  const inside = isPacked ? " inside a gzip file" : "";
  if (head.length === 0) return `an empty file${inside}`;
  const isLabels = rowShape.length === 0;
  const magic = head.length < 4 ? undefined : head.readUInt32BE();
  if (magic === magicOf(isLabels ? [0, 0] : [])) {
    return `${magic}, the magic number for ${isLabels ? "images" : "labels"}`;
  }
  if (head.length >= 4 && head.readUInt32LE() === magicOf(rowShape)) {
    return "that number in little-endian byte order";
  }
  const kind = kindOf(head) ?? (isPacked ? undefined : cifarKind(file));
  return kind === undefined ? bytesText(head) : `${kind}${inside}`;
}

/** Recognizes CIFAR's binary files, which have no signature, by their size. */
function cifarKind({ size }: SourceFile): string | undefined {
  if (size % 3073 === 0) return "a file whose size fits CIFAR-10 records";
  if (size % 3074 === 0) return "a file whose size fits CIFAR-100 records";
  return undefined;
}

function bytesText(head: Uint8Array): string {
  const hexadecimal = Buffer.from(head.subarray(0, 4)).toString("hex");
  return `the bytes ${hexadecimal.match(/../g)!.join(" ")}`;
}

function magicOf(rowShape: readonly number[]): number {
  return UNSIGNED_BYTES + 1 + rowShape.length;
}

function sizeOf(rowShape: readonly number[]): number {
  return rowShape.reduce((product, length) => product * length, 1);
}
