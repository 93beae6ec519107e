/**
 * Decodes chunks of text and UTF-8 bytes whose boundaries may split characters.
 */

const NONE: Uint8Array = new Uint8Array();

/** Returns whether a text ends in a high surrogate. */
export function endsInHighSurrogate(text: string): boolean {
  const last = text.charCodeAt(text.length - 1);
  return last >= 0xd800 && last < 0xdc00;
}

/** Decodes the chunks of one stream, in order. Holds back incomplete characters. */
export class ChunkDecoder {
  /** The high surrogate at the end of the text so far, if any. */
  #highSurrogate = "";
  /** The bytes of the incomplete character at the end of the bytes so far. */
  #bytes = NONE;

  /** Whether the chunks so far end in an incomplete character. */
  get isIncomplete(): boolean {
    return this.#highSurrogate !== "" || this.#bytes.length > 0;
  }

  /** Adds a chunk. Returns the text up to its last complete character. */
  decode(chunk: string | Uint8Array): string {
    if (typeof chunk === "string") {
      if (chunk === "") return "";
      const text = this.#endOfBytes() + this.#highSurrogate + chunk;
      if (!endsInHighSurrogate(text)) {
        this.#highSurrogate = "";
        return text;
      }
      this.#highSurrogate = text.slice(-1);
      return text.slice(0, -1);
    }
    if (chunk.length === 0) return "";
    const before = this.#endOfPair();
    const bytes =
      this.#bytes.length === 0 ? chunk : Buffer.concat([this.#bytes, chunk]);
    const end = endOfComplete(bytes);
    // Copied, because the writer may reuse the buffer.
    this.#bytes = new Uint8Array(bytes.subarray(end));
    return before + decoded(bytes.subarray(0, end));
  }

  /**
   * Ends the stream. Returns U+FFFD for an incomplete character, or an empty string if there is
   * none.
   */
  end(): string {
    return this.#endOfBytes() + this.#endOfPair();
  }

  #endOfBytes(): string {
    const bytes = this.#bytes;
    this.#bytes = NONE;
    return decoded(bytes);
  }

  #endOfPair(): string {
    const surrogate = this.#highSurrogate;
    this.#highSurrogate = "";
    return surrogate === "" ? "" : "\ufffd";
  }
}

function decoded({ buffer, byteOffset, byteLength }: Uint8Array): string {
  return Buffer.from(buffer, byteOffset, byteLength).toString("utf8");
}

/**
 * Returns the offset of an incomplete character at the end of the bytes, or their length if there
 * is none.
 */
function endOfComplete(bytes: Uint8Array): number {
  for (let back = 1; back <= Math.min(3, bytes.length); back += 1) {
    const byte = bytes[bytes.length - back]!;
    const isContinuation = byte >= 0x80 && byte < 0xc0;
    if (isContinuation) continue;
    return lengthOf(byte) > back ? bytes.length - back : bytes.length;
  }
  return bytes.length;
}

/** Returns the length in bytes of the character that begins with this byte. */
function lengthOf(byte: number): number {
  if (byte >= 0xf0 && byte <= 0xf4) return 4;
  if (byte >= 0xe0 && byte <= 0xef) return 3;
  return byte >= 0xc2 && byte <= 0xdf ? 2 : 1;
}
