/**
 * The reader of IDX, the format of MNIST and of the sets made after it, plain or gzipped.
 *
 * A file is one array. First a magic number, of which the third byte tells the type of the values (8: unsigned bytes) and the
 * fourth the number of axes; then the length of every axis; then the values, row by row. All numbers are big-endian, 32 bits.
 * Pictures are an array of (n, height, width), labels one of (n).
 *
 * Source: http://yann.lecun.com/exdb/mnist/, section "File formats for the MNIST database".
 */
import { DatasetError } from "./dataset-error";
import { GREATEST_RATIO, GunzipReader } from "./gunzip-reader";
import { NdArray } from "./nd-array";
import { count, quantity } from "./quantity";
import { SIGNATURE_BYTES, kindOf } from "./signature";
import { SourceFile } from "./source-file";
import type { ByteReader, FileBytes } from "./source-file";

/** Paths of the two files of a split. */
export interface IdxPaths {
  readonly images: string;
  readonly labels: string;
}

/** What is known of a split before its files are read. */
export interface IdxOptions {
  /** Shape of a picture: height and width, and 1 for its channel if the result is to have that axis. */
  readonly shape: readonly number[];
  /** How many classes the labels tell apart. */
  readonly classes: number;
  /** How many pictures the publisher put into the split. */
  readonly records: number;
  /** The first so many; of gzipped files no more is unpacked than they take. Default: all there are. */
  readonly samples?: number;
  /** Whether the files may hold fewer than `records`; `samples` is then the most that is read. Default: false. */
  readonly partial?: boolean;
}

/** One of the two files: what its rows are called, and the shape of one of them in the file. */
interface Part {
  readonly file: SourceFile;
  readonly rows: "pictures" | "labels";
  readonly rowShape: readonly number[];
}

/** What magic numbers of unsigned bytes begin with; the number of axes is added. */
const UNSIGNED_BYTES = 0x0800;
const GZIP = [0x1f, 0x8b] as const;

/**
 * Reads the first pictures and labels of a split.
 *
 * Returns images of shape (n, ...shape), values 0 to 255, and labels of shape (n, 1). A file that is read to its end is known to be
 * whole; of a gzipped file of which less is read, the rest is not looked at.
 *
 * Throws a {@link DatasetError} if a file is missing, no file or unreadable, is no IDX file or that of something else, is of another
 * size than its header or the publisher says, is a damaged or cut gzip file, changes while it is read, or holds a label that is no
 * class; if the two files do not belong together; and if the publisher's hold fewer than `samples` pictures.
 */
export async function readIdxSplit(
  paths: IdxPaths,
  options: IdxOptions,
): Promise<{ images: NdArray; labels: NdArray }> {
  const { shape, classes, records, samples } = options;
  checkSamples(samples, records);
  // The axis of a single channel is not in the file.
  const sides = shape.filter((length, axis) => axis < 2 || length !== 1);
  const images: Part = {
    file: await SourceFile.find(paths.images),
    rows: "pictures",
    rowShape: sides,
  };
  const labels: Part = {
    file: await SourceFile.find(paths.labels),
    rows: "labels",
    rowShape: [],
  };
  return usePart(images, (imageBytes, isImagesPacked) =>
    usePart(labels, async (labelBytes, isLabelsPacked) => {
      const available = await readHeader(images, imageBytes, isImagesPacked);
      const labelled = await readHeader(labels, labelBytes, isLabelsPacked);
      checkCounts(images.file, available, labels.file, labelled);
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

/** Opens a file and gives its bytes to `action`, unpacked if it is gzipped, which its first bytes tell and not its name. */
async function usePart<Result>(
  { file }: Part,
  action: (bytes: ByteReader, isPacked: boolean) => Promise<Result>,
): Promise<Result> {
  return file.use(async (bytes) => {
    if (!(await isGzipped(bytes))) return action(bytes, false);
    const unpacked = new GunzipReader(file, bytes);
    try {
      return await action(unpacked, true);
    } finally {
      await unpacked.close();
    }
  });
}

async function isGzipped(bytes: FileBytes): Promise<boolean> {
  const head = new Uint8Array(GZIP.length);
  await bytes.read(head);
  bytes.rewind();
  return GZIP.every((byte, index) => byte === head[index]);
}

/** Reads the header, holds it against what it should be and against the file's size, and returns the number of rows. */
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
      expected: `${file.name} to begin with ${magic}, the magic number of ${rows} in IDX`,
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
      expected: `${file.name} to have a header of ${header.length} bytes`,
      received: `one of ${length}`,
    });
  }
  const axes = Array.from({ length: 1 + rowShape.length }, (_, axis) =>
    header.readUInt32BE(4 + 4 * axis),
  );
  const [available, ...sides] = axes as [number, ...number[]];
  if (sides.some((side, axis) => side !== rowShape[axis])) {
    throw file.error({
      expected: `${file.name} to hold ${rows} of ${rowShape.join(" x ")}`,
      received: `${rows} of ${sides.join(" x ")}`,
    });
  }
  checkSize(part, available, header.length, isPacked);
  return available;
}

/** No header makes a plain file longer than it is, nor a gzipped one longer than it can be. */
function checkSize(
  { file, rows, rowShape }: Part,
  available: number,
  header: number,
  isPacked: boolean,
): void {
  const size = header + available * sizeOf(rowShape);
  const isRight = isPacked
    ? size <= file.size * GREATEST_RATIO
    : size === file.size;
  if (isRight) return;
  throw file.error({
    expected: `${file.name} to hold ${count(available)} ${rows}, as its header says, in ${quantity(size, "byte")}`,
    received: isPacked
      ? `${quantity(file.size, "byte")}, from which gzip cannot unpack so many`
      : quantity(file.size, "byte"),
  });
}

function checkCounts(
  images: SourceFile,
  pictures: number,
  labels: SourceFile,
  labelled: number,
): void {
  if (pictures === labelled) return;
  throw labels.error({
    expected: `${labels.name} to hold a label for each of the ${count(pictures)} pictures in ${images.name}`,
    received: quantity(labelled, "label"),
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
    expected: partial
      ? `${file.name} to hold from 1 to ${quantity(records, "picture")}`
      : `${file.name} to hold ${quantity(records, "picture")}`,
    received: quantity(available, "picture"),
    ...(isPart && { advice: "`partial: true` accepts a part of the set." }),
  });
}

function checkSamples(samples: number | undefined, available: number): void {
  if (samples === undefined) return;
  if (Number.isInteger(samples) && samples >= 1 && samples <= available) return;
  throw new DatasetError({
    expected: `a number of samples from 1 to ${count(available)}`,
    received: count(samples),
  });
}

/** Reads rows behind the header; if these are all, nothing may come behind them. */
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
    expected: `every label in ${file.name} to be from 0 to ${classes - 1}`,
    received: `${labels[row]} in row ${count(row)}`,
  });
}

/** What a file is that does not begin as it should. */
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
    return `${magic}, that of ${isLabels ? "pictures" : "labels"}`;
  }
  if (head.length >= 4 && head.readUInt32LE() === magicOf(rowShape)) {
    return "its four bytes in reverse order";
  }
  const kind = kindOf(head) ?? (isPacked ? undefined : cifarKind(file));
  return kind === undefined ? bytesText(head) : `${kind}${inside}`;
}

/** A file of nothing but CIFAR's records can be told by its size alone. */
function cifarKind({ size }: SourceFile): string | undefined {
  if (size % 3073 === 0) return "a file of the size of CIFAR-10's records";
  if (size % 3074 === 0) return "a file of the size of CIFAR-100's records";
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
