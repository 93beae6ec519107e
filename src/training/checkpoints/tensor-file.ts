/**
 * Files of named tensors in the layout of safetensors, with checksums.
 *
 *     8 bytes    length of the header, an unsigned integer
 *     header     JSON: {"__metadata__": {…}, "NAME": {"dtype", "shape", "data_offsets"}, …}
 *     values     of all tensors, without gaps, in the order of their offsets
 *
 * All numbers are little-endian. The metadata, strings only, contains the checksum of each tensor
 * (`crc32`, JSON). The last tensor, `crc32/header`, is the header's own checksum. Tools that read
 * safetensors open such a file, and ignore the checksums.
 *
 * Source: https://github.com/huggingface/safetensors, "Format".
 */
import { closeSync, fstatSync, openSync, readSync, writeSync } from "node:fs";
import { endianness } from "node:os";
import { coded } from "../../notebook/coded-error";
import { checksum } from "./checksum";

/** Values that a file can contain. */
export type TensorValues =
  Float32Array | Float64Array | Int32Array | Uint8Array;

/** A tensor in a file. */
export interface StoredTensor {
  readonly shape: readonly number[];
  readonly values: TensorValues;
}

/** The content of a file. */
export interface TensorFile {
  readonly metadata: Readonly<Record<string, string>>;
  readonly tensors: ReadonlyMap<string, StoredTensor>;
}

/** The entry of a tensor in a header. */
interface Entry {
  readonly dtype: string;
  readonly shape: readonly number[];
  readonly data_offsets: readonly [begin: number, end: number];
}

type Header = Record<string, Entry> & {
  readonly __metadata__: Record<string, string>;
};

const types = {
  F32: Float32Array,
  F64: Float64Array,
  I32: Int32Array,
  U8: Uint8Array,
} as const;

const lengthBytes = 8;
const checksumBytes = 4;
const ownChecksum = "crc32/header";
/** Longest header that is read, far above those of large models. */
const longestHeader = 256 * 2 ** 20;

/**
 * Writes a file.
 *
 * @param file A file descriptor, at the beginning of an empty file.
 * @throws Node's error if the disk is full, for example.
 */
export function writeTensors(
  file: number,
  { metadata, tensors }: TensorFile,
): void {
  const parts = [...tensors].map(([name, { shape, values }]) => ({
    name,
    shape,
    dtype: typeOf(values),
    bytes: bytesOf(values),
  }));
  const sums = parts.map(({ name, bytes }) => [name, checksum(bytes)] as const);
  const entries: [string, unknown][] = [
    [
      "__metadata__",
      { ...metadata, crc32: JSON.stringify(Object.fromEntries(sums)) },
    ],
  ];
  let offset = 0;
  for (const { name, shape, dtype, bytes } of parts) {
    const end = offset + bytes.length;
    entries.push([name, { dtype, shape, data_offsets: [offset, end] }]);
    offset = end;
  }
  const last = {
    dtype: "U8",
    shape: [checksumBytes],
    data_offsets: [offset, offset + checksumBytes],
  };
  entries.push([ownChecksum, last]);
  const text = JSON.stringify(Object.fromEntries(entries));
  const size = Buffer.byteLength(text);
  // Padded with blanks, so that the values are aligned.
  const header = Buffer.alloc(Math.ceil(size / 8) * 8, " ");
  header.write(text);
  const length = Buffer.alloc(lengthBytes);
  length.writeBigUInt64LE(BigInt(header.length));
  const sum = Buffer.alloc(checksumBytes);
  sum.writeUInt32LE(checksum(header));
  for (const bytes of [
    length,
    header,
    ...parts.map((part) => part.bytes),
    sum,
  ]) {
    writeAll(file, bytes);
  }
}

/**
 * Reads a file and checks it.
 *
 * @throws Error `ERR_FILE_DAMAGED` if the file is truncated or a checksum differs,
 *   `ERR_FILE_FORMAT` if it is no such file; Node's error if it cannot be read.
 */
export function readTensors(path: string): TensorFile {
  const file = openSync(path, "r");
  try {
    const { size } = fstatSync(file);
    const { header, begin } = readHeader(file, size, path);
    const { __metadata__: metadata, ...entries } = header;
    const sums = JSON.parse(metadata["crc32"] ?? "{}") as Record<
      string,
      number
    >;
    const tensors = new Map<string, StoredTensor>();
    for (const [name, entry] of Object.entries(entries)) {
      if (name === ownChecksum) continue;
      const bytes = readAt(file, begin, entry, path);
      if (checksum(bytes) !== sums[name]) {
        throw damaged(path, `another checksum of ${name}`);
      }
      tensors.set(name, { shape: entry.shape, values: valuesOf(entry, bytes) });
    }
    return { metadata, tensors };
  } finally {
    closeSync(file);
  }
}

function readHeader(
  file: number,
  size: number,
  path: string,
): { header: Header; begin: number } {
  const start = Buffer.alloc(lengthBytes);
  const length =
    readSync(file, start, 0, lengthBytes, 0) === lengthBytes
      ? Number(start.readBigUInt64LE())
      : 0;
  const begin = lengthBytes + length;
  if (begin + checksumBytes > size || length > longestHeader || length === 0) {
    throw damaged(path, `${size} bytes`);
  }
  const bytes = Buffer.alloc(length);
  readFully(file, bytes, lengthBytes, path);
  const sum = Buffer.alloc(checksumBytes);
  readFully(file, sum, size - checksumBytes, path);
  if (sum.readUInt32LE() === checksum(bytes)) {
    return { header: JSON.parse(bytes.toString()) as Header, begin };
  }
  if (isForeign(bytes.toString())) {
    throw coded(
      "ERR_FILE_FORMAT",
      new Error(
        `Expected a checkpoint with the tensor ${ownChecksum}, received a file without it (${path})`,
      ),
    );
  }
  throw damaged(path, "another checksum of its header");
}

/** Whether a header was written by another program. */
function isForeign(text: string): boolean {
  try {
    const header = JSON.parse(text) as Partial<Header>;
    return !header[ownChecksum] && !header.__metadata__?.["crc32"];
  } catch {
    return false;
  }
}

function readAt(
  file: number,
  begin: number,
  { data_offsets: [from, to] }: Entry,
  path: string,
): Uint8Array {
  const bytes = new Uint8Array(to - from);
  readFully(file, bytes, begin + from, path);
  return bytes;
}

function readFully(
  file: number,
  bytes: Uint8Array,
  position: number,
  path: string,
): void {
  let done = 0;
  while (done < bytes.length) {
    const read = readSync(
      file,
      bytes,
      done,
      bytes.length - done,
      position + done,
    );
    if (read === 0) throw damaged(path, "a file that ends early");
    done += read;
  }
}

function writeAll(file: number, bytes: Uint8Array): void {
  let done = 0;
  // A call writes at most 2 GB, and less on a disk that is nearly full.
  while (done < bytes.length) done += writeSync(file, bytes, done);
}

function typeOf(values: TensorValues): string {
  const found = Object.entries(types).find(
    ([, type]) => values instanceof type,
  );
  return found![0];
}

function bytesOf(values: TensorValues): Uint8Array {
  const { buffer, byteOffset, byteLength } = values;
  return swapped(
    new Uint8Array(buffer, byteOffset, byteLength),
    values.BYTES_PER_ELEMENT,
  );
}

function valuesOf({ dtype }: Entry, bytes: Uint8Array): TensorValues {
  const type = types[dtype as keyof typeof types];
  const { buffer } = swapped(bytes, type.BYTES_PER_ELEMENT);
  return new type(buffer as ArrayBuffer);
}

/** Returns the bytes in the other order on a big-endian machine. */
function swapped(bytes: Uint8Array, width: number): Uint8Array {
  if (endianness() === "LE" || width === 1) return bytes;
  const copy = Buffer.from(bytes);
  return new Uint8Array(width === 4 ? copy.swap32() : copy.swap64());
}

function damaged(path: string, received: string): Error {
  return coded(
    "ERR_FILE_DAMAGED",
    new Error(`Expected a complete checkpoint, received ${received} (${path})`),
  );
}
