/**
 * Files of records in the format of TensorFlow (TFRecord).
 *
 * A record is its length (8 bytes, little-endian), the masked check value of the length, the bytes,
 * and their masked check value (`record_writer.h` in TensorFlow's sources). A reader stops before a
 * record that is incomplete, and reads on when the rest has been written.
 */
import { closeSync, openSync, writeSync } from "node:fs";
import { crc32c } from "../engine/extension/checksum";

/** Waiting records are written when they take more bytes than this. */
const MOST_WAITING_BYTES = 1 << 20;

/** A new file of records. */
export class RecordFile {
  readonly path: string;
  readonly #file: number;
  #waiting: Buffer[] = [];
  #waitingBytes = 0;

  /** Creates the file. Throws Node's error if it exists or its folder cannot be written. */
  constructor(path: string) {
    this.path = path;
    this.#file = openSync(path, "wx");
  }

  /** Adds a record, which is written by the next {@link flush}, or before it if many wait. */
  add(record: Uint8Array): void {
    const framed = frame(record);
    this.#waiting.push(framed);
    this.#waitingBytes += framed.length;
    if (this.#waitingBytes > MOST_WAITING_BYTES) this.flush();
  }

  /**
   * Writes the waiting records. Throws Node's error if the disk is full; the records then still
   * wait, except for the bytes that were written.
   */
  flush(): void {
    let bytes = Buffer.concat(this.#waiting);
    try {
      while (bytes.length > 0) {
        bytes = bytes.subarray(writeSync(this.#file, bytes));
      }
    } finally {
      this.#waiting = bytes.length > 0 ? [bytes] : [];
      this.#waitingBytes = bytes.length;
    }
  }

  /** Writes the waiting records and closes the file. */
  close(): void {
    try {
      this.flush();
    } finally {
      closeSync(this.#file);
    }
  }
}

/** Returns the bytes of a record in the file. */
export function frame(record: Uint8Array): Buffer {
  const framed = Buffer.alloc(record.length + 16);
  framed.writeBigUInt64LE(BigInt(record.length), 0);
  framed.writeUInt32LE(masked(crc32c(framed.subarray(0, 8))), 8);
  framed.set(record, 12);
  framed.writeUInt32LE(masked(crc32c(record)), 12 + record.length);
  return framed;
}

/**
 * Masks a check value, because the check of bytes that contain their own check values detects less
 * (`crc32c::Mask` in TensorFlow's sources).
 */
function masked(check: number): number {
  const rotated = ((check >>> 15) | (check << 17)) >>> 0;
  return (rotated + 0xa282ead8) >>> 0;
}
