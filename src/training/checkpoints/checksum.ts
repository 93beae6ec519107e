/**
 * CRC-32, as in zip, gzip and PNG (ISO 3309; check value 0xCBF43926).
 */
import * as zlib from "node:zlib";

/** The remainders of all bytes, for Node before 20.15 and 22.2, which has no `crc32`. */
const remainders = Uint32Array.from({ length: 256 }, (_, byte) => {
  let remainder = byte;
  for (let bit = 0; bit < 8; bit += 1) {
    remainder =
      remainder & 1 ? 0xedb88320 ^ (remainder >>> 1) : remainder >>> 1;
  }
  return remainder;
});

/** Returns the checksum of bytes, an unsigned integer of 32 bits. */
export function checksum(bytes: Uint8Array): number {
  return typeof zlib.crc32 === "function"
    ? zlib.crc32(bytes)
    : checksumByTable(bytes);
}

/** The same in JavaScript, several times slower. */
export function checksumByTable(bytes: Uint8Array): number {
  let remainder = 0xffffffff;
  for (let index = 0; index < bytes.length; index += 1) {
    remainder =
      remainders[(remainder ^ bytes[index]!) & 0xff]! ^ (remainder >>> 8);
  }
  return (remainder ^ 0xffffffff) >>> 0;
}
