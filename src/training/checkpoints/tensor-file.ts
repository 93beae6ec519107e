/**
 * Files of named tensors in the format safetensors, with checksums.
 *
 * The metadata contains the checksum of each tensor (`crc32`, JSON). The last tensor,
 * `crc32/header`, is the header's own checksum. Tools that read safetensors open such a file, and
 * ignore the checksums. Files are read and written synchronously, because a process that ends
 * cannot wait.
 */
import { closeSync, fstatSync, openSync, readSync, writeSync } from "node:fs";
import { endianness } from "node:os";
import { coded } from "../../notebook/coded-error";
import { crc32 } from "../../engine/extension/checksum";
import {
  decodeHeader,
  encodeHeader,
  type Header,
  mostHeaderBytes,
  prefixBytes,
  type TensorEntry,
} from "../../formats/safetensors/header";

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

const types = {
  F32: Float32Array,
  F64: Float64Array,
  I32: Int32Array,
  U8: Uint8Array,
} as const;

const checksumBytes = 4;
const ownChecksum = "crc32/header";

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
    type: typeOf(values),
    bytes: bytesOf(values),
  }));
  const sums = parts.map(({ name, bytes }) => [name, crc32(bytes)] as const);
  const header = encodeHeader(
    [
      ...parts.map((part) => ({ ...part, bytes: part.bytes.length })),
      {
        name: ownChecksum,
        type: "U8",
        shape: [checksumBytes],
        bytes: checksumBytes,
      },
    ],
    { ...metadata, crc32: JSON.stringify(Object.fromEntries(sums)) },
  );
  const sum = Buffer.alloc(checksumBytes);
  sum.writeUInt32LE(crc32(header.subarray(prefixBytes)));
  for (const bytes of [header, ...parts.map((part) => part.bytes), sum]) {
    writeAll(file, bytes);
  }
}

/**
 * Reads a file and checks it.
 *
 * @throws Error `ERR_FILE_DAMAGED` if the file is truncated or a checksum differs,
 *   `ERR_FILE_FORMAT` if it is not a checkpoint; Node's error if it cannot be read.
 */
export function readTensors(path: string): TensorFile {
  const file = openSync(path, "r");
  try {
    const { size } = fstatSync(file);
    const { header, begin } = readHeader(file, size, path);
    const { entries, metadata } = header;
    const sums = JSON.parse(metadata["crc32"] ?? "{}") as Record<
      string,
      number
    >;
    const tensors = new Map<string, StoredTensor>();
    for (const entry of entries) {
      const { name, shape } = entry;
      if (name === ownChecksum) continue;
      const bytes = readAt(file, begin, entry, path);
      if (crc32(bytes) !== sums[name]) {
        throw damaged(path, `another checksum of ${name}`);
      }
      tensors.set(name, { shape, values: valuesOf(entry, bytes) });
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
  const prefix = Buffer.alloc(prefixBytes);
  const length =
    readSync(file, prefix, 0, prefixBytes, 0) === prefixBytes
      ? Number(prefix.readBigUInt64LE())
      : 0;
  const begin = prefixBytes + length;
  if (
    begin + checksumBytes > size ||
    length > mostHeaderBytes ||
    length === 0
  ) {
    throw damaged(path, `${size} bytes`);
  }
  const bytes = Buffer.alloc(length);
  readFully(file, bytes, prefixBytes, path);
  const sum = Buffer.alloc(checksumBytes);
  readFully(file, sum, size - checksumBytes, path);
  if (sum.readUInt32LE() === crc32(bytes)) {
    return { header: decodeHeader(bytes), begin };
  }
  if (isForeign(bytes)) {
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
function isForeign(bytes: Uint8Array): boolean {
  try {
    const { entries, metadata } = decodeHeader(bytes);
    const isOwn = entries.some(({ name }) => name === ownChecksum);
    return !isOwn && metadata["crc32"] === undefined;
  } catch {
    return false;
  }
}

function readAt(
  file: number,
  begin: number,
  { start, end }: TensorEntry,
  path: string,
): Uint8Array {
  const bytes = new Uint8Array(end - start);
  readFully(file, bytes, begin + start, path);
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

function valuesOf(
  { type: name }: TensorEntry,
  bytes: Uint8Array,
): TensorValues {
  const type = types[name as keyof typeof types];
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
