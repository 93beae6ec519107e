/**
 * Safetensors files written byte by byte, valid ones and ones that break a rule.
 */
import type { ErrorCode } from "../../src/notebook/coded-error";

/** Bytes of a file with a header, whose length may be given wrongly, and data. */
export function fileOf(
  header: string | Uint8Array,
  data: Uint8Array | number = 0,
  length?: bigint,
): Uint8Array {
  const text = Buffer.from(header);
  const prefix = Buffer.alloc(8);
  prefix.writeBigUInt64LE(length ?? BigInt(text.length));
  const values = typeof data === "number" ? new Uint8Array(data) : data;
  return Buffer.concat([prefix, text, values]);
}

/** The header's entry of a vector of bytes. */
const u8 = (start: number, end: number): string =>
  `{"dtype":"U8","shape":[${end - start}],"data_offsets":[${start},${end}]}`;

/** Files that break a rule: the code of the error and what its message names. */
export const broken: Readonly<
  Record<
    string,
    {
      readonly bytes: Uint8Array;
      readonly code?: ErrorCode;
      readonly names: readonly (string | number)[];
      /** The reference's reader accepts the file, unlike its text. */
      readonly isReadByReference?: true;
    }
  >
> = {
  empty: { bytes: new Uint8Array(0), names: [8, 0] },
  "short-prefix": { bytes: new Uint8Array(7), names: [8, 7] },
  "long-header": {
    bytes: fileOf("{}", 0, 100_000_001n),
    names: [100_000_000, 100_000_001],
  },
  "largest-length": {
    bytes: fileOf("{}", 0, 2n ** 64n - 1n),
    names: [100_000_000, "18446744073709551615"],
  },
  "cut-header": { bytes: fileOf('{"a":', 0, 60n), names: [60, 5, "cut"] },
  "no-json": { bytes: fileOf('{"a":'), names: ["JSON"] },
  "no-utf8": {
    bytes: fileOf(Uint8Array.of(0x7b, 0x22, 0xff, 0x22, 0x7d)),
    names: ["UTF-8"],
  },
  "no-object": { bytes: fileOf("[]"), names: ["{"] },
  "leading-space": {
    bytes: fileOf(" {}"),
    names: ["{"],
    isReadByReference: true,
  },
  "byte-order-mark": { bytes: fileOf("\ufeff{}"), names: ["JSON"] },
  "no-entry": { bytes: fileOf('{"a":1}'), names: ["a", "dtype"] },
  "no-type": {
    bytes: fileOf('{"a":{"shape":[1],"data_offsets":[0,1]}}', 1),
    names: ["a", "dtype"],
  },
  "no-shape": {
    bytes: fileOf('{"a":{"dtype":"U8","data_offsets":[0,1]}}', 1),
    names: ["a", "shape"],
  },
  "no-offsets": {
    bytes: fileOf('{"a":{"dtype":"U8","shape":[1]}}', 1),
    names: ["a", "data_offsets"],
  },
  "negative-length": {
    bytes: fileOf('{"a":{"dtype":"U8","shape":[-1],"data_offsets":[0,1]}}', 1),
    names: ["a", "shape"],
  },
  "fractional-length": {
    bytes: fileOf('{"a":{"dtype":"U8","shape":[1.5],"data_offsets":[0,1]}}', 1),
    names: ["a", "shape"],
  },
  "three-offsets": {
    bytes: fileOf('{"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1,1]}}', 1),
    names: ["a", "[0,1,1]"],
  },
  "unknown-type": {
    bytes: fileOf('{"a":{"dtype":"X8","shape":[1],"data_offsets":[0,1]}}', 1),
    code: "ERR_UNSUPPORTED",
    names: ["a", "X8", "F32"],
  },
  "wrong-size": {
    bytes: fileOf('{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,4]}}', 4),
    names: ["a", 8, "(2)", "[0,4]"],
  },
  "huge-shape": {
    bytes: fileOf(
      '{"a":{"dtype":"F32","shape":[4294967296,4294967296],"data_offsets":[0,0]}}',
    ),
    names: ["a", "[0,0]"],
  },
  "backward-offsets": {
    bytes: fileOf('{"a":{"dtype":"U8","shape":[1],"data_offsets":[1,0]}}', 1),
    names: ["a", "[1,0]"],
  },
  hole: {
    bytes: fileOf(`{"a":${u8(0, 1)},"b":${u8(2, 3)}}`, 3),
    names: ["b", 1, 2, "hole"],
  },
  "hole-at-start": { bytes: fileOf(`{"a":${u8(1, 2)}}`, 2), names: ["a", 0] },
  overlap: {
    bytes: fileOf(`{"a":${u8(0, 2)},"b":${u8(1, 3)}}`, 3),
    names: ["b", 2, 1, "overlap"],
  },
  "same-place": {
    bytes: fileOf(`{"a":${u8(0, 2)},"b":${u8(0, 2)}}`, 2),
    names: ["overlap"],
  },
  "cut-data": {
    bytes: fileOf(`{"a":${u8(0, 4)}}`, 3),
    names: ["the file is truncated"],
  },
  "more-data": {
    bytes: fileOf(`{"a":${u8(0, 4)}}`, 5),
    names: ["something follows"],
  },
  "same-name": {
    bytes: fileOf(`{"a":${u8(0, 1)},"a":${u8(0, 1)}}`, 1),
    names: ['"a"', "twice"],
    isReadByReference: true,
  },
  "same-name-escaped": {
    bytes: fileOf(`{"a":${u8(0, 1)},"\\u0061":${u8(0, 1)}}`, 1),
    names: ['"a"', "twice"],
    isReadByReference: true,
  },
  "same-field": {
    bytes: fileOf(
      '{"a":{"dtype":"U8","dtype":"U8","shape":[1],"data_offsets":[0,1]}}',
      1,
    ),
    names: ['"dtype"', "twice"],
  },
  "same-metadata": {
    bytes: fileOf('{"__metadata__":{"k":"1","k":"2"}}'),
    names: ['"k"', "twice"],
    isReadByReference: true,
  },
  "metadata-number": {
    bytes: fileOf('{"__metadata__":{"k":1}}'),
    names: ["__metadata__", '{"k":1}'],
  },
  "metadata-text": {
    bytes: fileOf('{"__metadata__":"k"}'),
    names: ["__metadata__"],
  },
  "other-boolean": {
    bytes: fileOf(
      '{"a":{"dtype":"BOOL","shape":[2],"data_offsets":[0,2]}}',
      Uint8Array.of(1, 2),
    ),
    code: "ERR_UNSUPPORTED",
    names: ["a", "BOOL", 2, "index 1"],
    isReadByReference: true,
  },
};

/** Valid files at the edges of the rules, with the number of tensors. */
export const unusual: Readonly<
  Record<string, { readonly bytes: Uint8Array; readonly count: number }>
> = {
  "no-tensors": { bytes: fileOf("{}"), count: 0 },
  padded: { bytes: fileOf(`{"a":${u8(0, 1)}}       `, 1), count: 1 },
  "empty-tensors": {
    bytes: fileOf(
      `{"a":${u8(0, 0)},"b":${u8(0, 2)},"c":${u8(2, 2)},"d":${u8(0, 0)}}`,
      2,
    ),
    count: 4,
  },
  scalar: {
    bytes: fileOf('{"a":{"dtype":"U8","shape":[],"data_offsets":[0,1]}}', 1),
    count: 1,
  },
  unsorted: {
    bytes: fileOf(`{"b":${u8(1, 3)},"a":${u8(0, 1)}}`, 3),
    count: 2,
  },
  "metadata-only": {
    bytes: fileOf('{"__metadata__":{"k":"v","\\"":"}{"}}'),
    count: 0,
  },
  "odd-names": {
    bytes: fileOf(
      `{"":${u8(0, 1)},"__proto__":${u8(1, 2)},"a\\":{":${u8(2, 3)},"ä / 😀":${u8(3, 4)}}`,
      4,
    ),
    count: 4,
  },
  unaligned: {
    bytes: fileOf(
      `{"a":${u8(0, 1)},"b":{"dtype":"F32","shape":[1],"data_offsets":[1,5]}}`,
      5,
    ),
    count: 2,
  },
};
