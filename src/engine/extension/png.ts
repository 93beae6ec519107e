/**
 * Encodes pixels as PNG, with the features that displaying tensors needs.
 *
 * TensorFlow's own encoder is only in tfjs-node, and a notebook may use TensorFlow.js without it.
 * Deflate is Node's.
 */
import { deflateSync } from "node:zlib";
import { crc32 } from "./checksum";

/** An image with eight bits per value. */
export interface Image {
  readonly width: number;
  readonly height: number;
  /** Values per pixel: 1 for gray, 3 for RGB, 4 for RGBA. */
  readonly channels: 1 | 3 | 4;
  /** The values, row by row, `width * height * channels` of them. */
  readonly pixels: Uint8Array;
}

/** The PNG specification's color types (section 11.2.1, IHDR). */
const COLOR_TYPES = { 1: 0, 3: 2, 4: 6 } as const;

const SIGNATURE = Buffer.from("\x89PNG\r\n\x1a\n", "latin1");

/** Encodes an image losslessly as a PNG file. */
export function encodePng(image: Image): Buffer {
  const { width, height, channels, pixels } = image;
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header[8] = 8;
  header[9] = COLOR_TYPES[channels];
  const stride = width * channels;
  // Each row begins with its filter type; 0 is none.
  const rows = Buffer.alloc(height * (stride + 1));
  for (let row = 0; row < height; row += 1) {
    rows.set(
      pixels.subarray(row * stride, (row + 1) * stride),
      row * (stride + 1) + 1,
    );
  }
  return Buffer.concat([
    SIGNATURE,
    chunk("IHDR", header),
    chunk("IDAT", deflateSync(rows)),
    chunk("IEND", Buffer.alloc(0)),
  ]);
}

/** Encodes a chunk: length, type, data, and a checksum of type and data (section 5.3). */
function chunk(type: string, data: Buffer): Buffer {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(data.length);
  const body = Buffer.concat([Buffer.from(type, "latin1"), data]);
  const checksum = Buffer.alloc(4);
  checksum.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, checksum]);
}
