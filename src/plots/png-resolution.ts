/**
 * The physical resolution of PNG files.
 */
import { crc32 } from "node:zlib";

/** Length of the signature and the header, which come first in every PNG. */
const startLength = 8 + 25;
const metersPerInch = 0.0254;

/**
 * Adds the resolution in dots per inch to a PNG, which word processors use. An existing resolution
 * stays as a second chunk, which readers ignore.
 *
 * Returns the PNG unchanged if Node has no CRC function (before 20.15).
 *
 * Source: Portable Network Graphics (PNG) Specification, third edition, W3C, 2025, section 11.3.4.3
 * (pHYs).
 */
export function withResolution(png: Uint8Array, dotsPerInch: number): Buffer {
  if (typeof crc32 !== "function") return Buffer.from(png);
  const dotsPerMeter = Math.round(dotsPerInch / metersPerInch);
  const chunk = Buffer.alloc(21);
  chunk.writeUInt32BE(9, 0);
  chunk.write("pHYs", 4, "latin1");
  chunk.writeUInt32BE(dotsPerMeter, 8);
  chunk.writeUInt32BE(dotsPerMeter, 12);
  chunk.writeUInt8(1, 16); // the unit is the meter
  chunk.writeUInt32BE(crc32(chunk.subarray(4, 17)), 17);
  return Buffer.concat([
    png.subarray(0, startLength),
    chunk,
    png.subarray(startLength),
  ]);
}
