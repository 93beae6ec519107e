/**
 * Checksums of the files in a zip file.
 */
import { crc32 } from "node:zlib";

/** Signatures and lengths of records, and the positions of their fields. */
const end = { signature: 0x06054b50, length: 22, count: 10, start: 16 };
const entry = {
  signature: 0x02014b50,
  length: 46,
  checksum: 16,
  nameLength: 28,
  extraLength: 30,
  commentLength: 32,
};

/**
 * Returns the name of the first file whose content does not have the checksum that the zip file's
 * directory has for it; undefined if all have, or if Node has no CRC function (before 20.15).
 *
 * Zip files above 4 GB are not checked.
 *
 * Source: .ZIP File Format Specification 6.3.10, PKWARE, sections 4.3.12 and 4.3.16.
 *
 * @param zip The zip file.
 * @param files The unpacked contents by name.
 */
export function damagedFile(
  zip: Uint8Array,
  files: Readonly<Record<string, Uint8Array>>,
): string | undefined {
  if (typeof crc32 !== "function") return undefined;
  const bytes = Buffer.from(zip.buffer, zip.byteOffset, zip.byteLength);
  for (const [name, checksum] of checksums(bytes)) {
    const content = files[name];
    if (content !== undefined && crc32(content) !== checksum) return name;
  }
  return undefined;
}

function checksums(bytes: Buffer): Map<string, number> {
  const found = new Map<string, number>();
  let last = bytes.length - end.length;
  while (last >= 0 && bytes.readUInt32LE(last) !== end.signature) last -= 1;
  if (last < 0) return found;
  const count = bytes.readUInt16LE(last + end.count);
  let at = bytes.readUInt32LE(last + end.start);
  for (let index = 0; index < count; index += 1) {
    if (at + entry.length > bytes.length) break;
    if (bytes.readUInt32LE(at) !== entry.signature) break;
    const nameLength = bytes.readUInt16LE(at + entry.nameLength);
    const start = at + entry.length;
    const name = bytes.toString("utf8", start, start + nameLength);
    found.set(name, bytes.readUInt32LE(at + entry.checksum));
    at =
      start +
      nameLength +
      bytes.readUInt16LE(at + entry.extraLength) +
      bytes.readUInt16LE(at + entry.commentLength);
  }
  return found;
}
