/**
 * Cyclic redundancy checks of 32 bits: CRC-32 of PNG files and checkpoints, and CRC-32C of
 * TensorFlow's files.
 *
 * Node has `crc32` only from version 20.15, and CRC-32C in no version.
 */
import * as zlib from "node:zlib";

/** A function from bytes to their check value, an unsigned integer of 32 bits. */
export type Checksum = (bytes: Uint8Array) => number;

/** CRC-32 (PNG specification, annex D), one byte at a time. */
export const crc32ByTable = checksum(0xedb88320);

/** CRC-32 by Node's own function, several times faster, if it has one. */
export const crc32: Checksum =
  typeof zlib.crc32 === "function"
    ? (bytes) => zlib.crc32(bytes)
    : crc32ByTable;

/** CRC-32C, with Castagnoli's polynomial (RFC 3720, section 12.1 and appendix B.4). */
export const crc32c = checksum(0x82f63b78);

/** Returns the check of a polynomial, whose bits are given in reverse. */
function checksum(polynomial: number): Checksum {
  const table = Uint32Array.from({ length: 256 }, (_, byte) => {
    let value = byte;
    for (let bit = 0; bit < 8; bit += 1) {
      value = value & 1 ? polynomial ^ (value >>> 1) : value >>> 1;
    }
    return value;
  });
  return (bytes) => {
    let value = 0xffffffff;
    for (let index = 0; index < bytes.length; index += 1) {
      value = table[(value ^ bytes[index]!) & 0xff]! ^ (value >>> 8);
    }
    return (value ^ 0xffffffff) >>> 0;
  };
}
