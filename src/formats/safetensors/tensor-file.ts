/**
 * Reads and writes safetensors files of named tensors.
 */
import { type FileHandle, open } from "node:fs/promises";
import { coded } from "../../notebook/coded-error";
import { replaceFile } from "../../replace-file";
import { elementTypes, writtenTypes } from "./element-types";
import {
  checkNames,
  checkTexts,
  decodeHeader,
  encodeHeader,
  invalid,
  mostHeaderBytes,
  prefixBytes,
  type Header,
  type TensorEntry,
} from "./header";
import { bytesOf, checkTensor, type NamedTensor } from "./named-tensor";

/** The content of a safetensors file. */
export interface TensorFile {
  /** The tensors by name, in the order of the file. */
  readonly tensors: ReadonlyMap<string, NamedTensor>;
  /** Texts by name, such as the name of the program that wrote the file. */
  readonly metadata: Readonly<Record<string, string>>;
}

/** Options of {@link writeSafetensors}. */
export interface SafetensorsOptions {
  /** Texts by name that are stored in the file; none by default. */
  readonly metadata?: Readonly<Record<string, string>>;
}

/**
 * Writes named tensors as a safetensors file. Replaces an existing file once the new one is
 * complete.
 *
 * Tensors of the types float32, int32, uint8 and bool become F32, I32, U8 and BOOL, unchanged. Like
 * the reference, writes those with the widest numbers first, so that each begins at a multiple of
 * its number's width, and sorts by name.
 *
 * Throws a TypeError if a tensor's data do not match its type or `metadata` has a value that is not
 * a string (`ERR_INVALID_TYPE`); a RangeError if the length of data does not match the shape
 * (`ERR_SHAPE`), if a name is not valid or not unique or a boolean is neither 0 nor 1
 * (`ERR_INVALID_VALUE`), or if the names take more than 100 MB (`ERR_UNSUPPORTED`); an Error
 * (`ERR_DISK`) if the file cannot be written.
 *
 * Source: the safetensors format, https://github.com/huggingface/safetensors#format.
 */
export async function writeSafetensors(
  path: string,
  tensors: Iterable<readonly [name: string, tensor: NamedTensor]>,
  options: SafetensorsOptions = {},
): Promise<void> {
  const given = [...tensors];
  const { metadata = {} } = options;
  checkTexts(metadata);
  checkNames(given.map(([name]) => name));
  for (const [name, tensor] of given) checkTensor(name, tensor);
  const sorted = given.sort(
    ([a, { data: first }], [b, { data: second }]) =>
      second.BYTES_PER_ELEMENT - first.BYTES_PER_ELEMENT || (a < b ? -1 : 1),
  );
  const placed = sorted.map(([name, { data, dtype, shape }]) => ({
    name,
    type: writtenTypes[dtype],
    shape,
    bytes: data.byteLength,
  }));
  const header = encodeHeader(placed, metadata);
  await replaceFile(path, [
    header,
    ...sorted.map(([, tensor]) => bytesOf(tensor)),
  ]);
}

/**
 * Reads a safetensors file.
 *
 * F16, BF16, F32 and F64 become float32, I8 to I64 and U16 to U64 int32, U8 and BOOL uint8 and
 * bool. Every value is converted exactly.
 *
 * Throws an Error: `ERR_FILE_MISSING` if there is no such file, `ERR_FILE_FORMAT` if it breaks a
 * rule of the format or is truncated, `ERR_UNSUPPORTED` if a tensor has another type or a value
 * that float32 or int32 cannot hold.
 *
 * Source: the safetensors format, https://github.com/huggingface/safetensors#format.
 */
export async function readSafetensors(path: string): Promise<TensorFile> {
  const handle = await openFile(path);
  try {
    return await readTensors(handle);
  } catch (error) {
    if (error instanceof Error) error.message += ` (${path})`;
    throw error;
  } finally {
    await handle.close();
  }
}

async function readTensors(handle: FileHandle): Promise<TensorFile> {
  const status = await handle.stat();
  if (!status.isFile()) throw invalid("a file", "a folder, device or pipe");
  const { size } = status;
  const { header, first } = await readHeader(handle, size);
  if (first + header.bytes !== size) {
    throw invalid(
      `${first + header.bytes} bytes`,
      `${size}; ${size < first + header.bytes ? "the file is truncated" : "something follows the last tensor"}`,
    );
  }
  const tensors = new Map<string, NamedTensor>();
  for (const entry of header.entries) {
    const bytes = await readBytes(
      handle,
      first + entry.start,
      entry.end - entry.start,
    );
    tensors.set(entry.name, decode(entry, bytes));
  }
  return { tensors, metadata: header.metadata };
}

async function openFile(path: string): Promise<FileHandle> {
  try {
    return await open(path, "r");
  } catch (cause) {
    throw coded(
      "ERR_FILE_MISSING",
      new Error(
        `Expected a safetensors file ${path}, received ${String(cause)}`,
        {
          cause,
        },
      ),
    );
  }
}

async function readHeader(
  handle: FileHandle,
  size: number,
): Promise<{ readonly header: Header; readonly first: number }> {
  if (size < prefixBytes) {
    throw invalid(`at least ${prefixBytes} bytes`, `${size}`);
  }
  const prefix = Buffer.from(await readBytes(handle, 0, prefixBytes));
  const length = prefix.readBigUInt64LE();
  if (length > mostHeaderBytes) {
    throw invalid(`a header of at most ${mostHeaderBytes} bytes`, `${length}`);
  }
  const first = prefixBytes + Number(length);
  if (first > size) {
    throw invalid(
      `a header of ${length} bytes, as its first ${prefixBytes} bytes say,`,
      `${size - prefixBytes} bytes; the file is truncated`,
    );
  }
  const bytes = await readBytes(handle, prefixBytes, Number(length));
  return { header: decodeHeader(new Uint8Array(bytes)), first };
}

/** Reads a part of a file; the system reads at most 2 GiB at once. */
async function readBytes(
  handle: FileHandle,
  start: number,
  length: number,
): Promise<ArrayBuffer> {
  const bytes = new Uint8Array(length);
  let done = 0;
  while (done < length) {
    const step = Math.min(length - done, 2 ** 30);
    const { bytesRead } = await handle.read(bytes, done, step, start + done);
    if (bytesRead === 0) {
      throw invalid(
        `${start + length} bytes`,
        `${start + done}; the file is truncated`,
      );
    }
    done += bytesRead;
  }
  return bytes.buffer;
}

function decode(entry: TensorEntry, bytes: ArrayBuffer): NamedTensor {
  const { name, shape, type } = entry;
  try {
    return { ...elementTypes[type]!.decode(bytes), shape };
  } catch (error) {
    if ((error as { readonly code?: string }).code !== "ERR_UNSUPPORTED") {
      throw error;
    }
    throw coded(
      "ERR_UNSUPPORTED",
      new RangeError(
        `${(error as Error).message} of the tensor ${name}, which is ${type}`,
      ),
    );
  }
}
