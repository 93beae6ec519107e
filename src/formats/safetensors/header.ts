/**
 * The header of a safetensors file: names, types, shapes and places of its tensors.
 *
 * Source: the safetensors format, https://github.com/huggingface/safetensors#format.
 */
import { coded } from "../../notebook/coded-error";
import { elementTypes } from "./element-types";
import { duplicateKey } from "./duplicate-key";
import { sizeOf } from "./named-tensor";

/** Size of the prefix in bytes; it contains the header's length. */
export const prefixBytes = 8;

/** Maximum size of a header in bytes. */
export const mostHeaderBytes = 100_000_000;

/** The first tensor begins at a multiple of this many bytes. */
const alignment = 8;

const metadataKey = "__metadata__";

/** A tensor's entry in the header. */
export interface TensorEntry {
  readonly name: string;
  /** The name of the type, a key of `elementTypes`. */
  readonly type: string;
  readonly shape: readonly number[];
  /** First byte, counted from the end of the header. */
  readonly start: number;
  /** The byte after the last one. */
  readonly end: number;
}

/** The content of a header. */
export interface Header {
  /** In the order of their places. */
  readonly entries: readonly TensorEntry[];
  readonly metadata: Readonly<Record<string, string>>;
  /** Bytes of all tensors together. */
  readonly bytes: number;
}

/** A tensor to be written. */
export interface PlacedTensor {
  readonly name: string;
  /** The name of the type, such as F32. */
  readonly type: string;
  readonly shape: readonly number[];
  /** Number of its bytes. */
  readonly bytes: number;
}

/**
 * Encodes the header of tensors that follow each other in the given order, with its prefix. Throws
 * a RangeError (`ERR_UNSUPPORTED`) if it is too large.
 */
export function encodeHeader(
  tensors: readonly PlacedTensor[],
  metadata: Readonly<Record<string, string>>,
): Uint8Array {
  let place = 0;
  const entries = tensors.map(({ name, type, shape, bytes }) => {
    const start = place;
    place += bytes;
    const entry = { dtype: type, shape, data_offsets: [start, place] };
    return `${JSON.stringify(name)}:${JSON.stringify(entry)}`;
  });
  if (Object.keys(metadata).length > 0) {
    entries.unshift(`"${metadataKey}":${JSON.stringify(metadata)}`);
  }
  const text = Buffer.from(`{${entries.join()}}`);
  const length = Math.ceil(text.length / alignment) * alignment;
  if (length > mostHeaderBytes) {
    throw coded(
      "ERR_UNSUPPORTED",
      new RangeError(
        `Expected names and metadata whose header has at most ${mostHeaderBytes} bytes, received ${length} bytes`,
      ),
    );
  }
  const bytes = Buffer.alloc(prefixBytes + length, " ");
  bytes.writeBigUInt64LE(BigInt(length));
  text.copy(bytes, prefixBytes);
  return bytes;
}

/**
 * Checks names that are to be written: valid Unicode, each once. Throws a RangeError
 * (`ERR_INVALID_VALUE`).
 */
export function checkNames(names: readonly string[]): void {
  const known = new Set([metadataKey]);
  for (const name of names) {
    if (Buffer.from(name).toString() !== name || known.has(name)) {
      throw coded(
        "ERR_INVALID_VALUE",
        new RangeError(
          `Expected names of tensors to be valid Unicode, unique and other than ${metadataKey}, received ${JSON.stringify(name)}`,
        ),
      );
    }
    known.add(name);
  }
}

/** Checks metadata that are to be written. Throws a TypeError (`ERR_INVALID_TYPE`). */
export function checkTexts(metadata: unknown): void {
  if (areTexts(metadata)) return;
  throw coded(
    "ERR_INVALID_TYPE",
    new TypeError(
      `Expected \`metadata\` to be an object whose values are strings, received ${JSON.stringify(metadata)}`,
    ),
  );
}

/**
 * Decodes a header, without its prefix, and checks all rules of the format. Throws an Error
 * (`ERR_FILE_FORMAT`, or `ERR_UNSUPPORTED` for types of numbers that are not read).
 */
export function decodeHeader(bytes: Uint8Array): Header {
  const content = parse(bytes);
  const { [metadataKey]: metadata = {}, ...tensors } = content;
  if (!areTexts(metadata)) {
    throw invalid(
      `an object whose values are strings in ${metadataKey}`,
      JSON.stringify(metadata),
    );
  }
  const entries = Object.entries(tensors)
    .map(([name, entry]) => decodeEntry(name, entry))
    .sort((a, b) => a.start - b.start || a.end - b.end);
  let place = 0;
  for (const { end, name, start } of entries) {
    if (start !== place) {
      const fault = start > place ? "a gap" : "an overlap";
      throw invalid(
        `the tensor ${name} to begin at byte ${place}, right after the one before`,
        `${fault}: it begins at ${start}`,
      );
    }
    place = end;
  }
  return { entries, metadata, bytes: place };
}

function parse(bytes: Uint8Array): Record<string, unknown> {
  let text: string;
  let content: unknown;
  try {
    const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
    text = decoder.decode(bytes);
    content = JSON.parse(text);
  } catch (error) {
    throw invalid("a header of JSON in UTF-8", String(error));
  }
  if (!text.startsWith("{") || !isRecord(content)) {
    throw invalid(
      "a header that begins with {",
      JSON.stringify(text.slice(0, 20)),
    );
  }
  const twice = duplicateKey(text);
  if (twice !== undefined) {
    throw invalid(
      "each key once in the header",
      `${JSON.stringify(twice)} twice`,
    );
  }
  return content;
}

function areTexts(metadata: unknown): metadata is Record<string, string> {
  return (
    isRecord(metadata) &&
    Object.values(metadata).every((value) => typeof value === "string")
  );
}

function decodeEntry(name: string, entry: unknown): TensorEntry {
  const { dtype, shape, data_offsets: places } = isRecord(entry) ? entry : {};
  if (typeof dtype !== "string" || !areCounts(shape) || !areCounts(places)) {
    throw invalid(
      `dtype, shape and data_offsets of the tensor ${name}`,
      JSON.stringify(entry),
    );
  }
  const type = elementTypes[dtype];
  if (type === undefined) {
    throw coded(
      "ERR_UNSUPPORTED",
      new Error(
        `Expected the tensor ${name} to have one of the types ${Object.keys(elementTypes).join(", ")}, received ${dtype}`,
      ),
    );
  }
  const [start, end] = places as [number, number];
  const bytes = sizeOf(shape) * type.bytes;
  if (places.length !== 2 || end - start !== bytes) {
    throw invalid(
      `${bytes} bytes for the tensor ${name} of shape (${shape.join(", ")}) and type ${dtype}`,
      `data_offsets ${JSON.stringify(places)}`,
    );
  }
  return { name, type: dtype, shape, start, end };
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function areCounts(value: unknown): value is number[] {
  return (
    Array.isArray(value) &&
    value.every((each) => Number.isSafeInteger(each) && (each as number) >= 0)
  );
}

/** The error for a file that breaks a rule of the format. */
export function invalid(rule: string, received: string): Error {
  return coded(
    "ERR_FILE_FORMAT",
    new Error(`Expected ${rule} in a safetensors file, received ${received}`),
  );
}
