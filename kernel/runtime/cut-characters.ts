/**
 * Joins characters that were cut in two: bytes of UTF-8 that come in pieces, and halves of surrogate pairs.
 */

const NONE: Uint8Array = new Uint8Array();

/** Whether a text ends in the first half of a surrogate pair. */
export function endsInHalf(text: string): boolean {
  const last = text.charCodeAt(text.length - 1);
  return last >= 0xd800 && last < 0xdc00;
}

/** Takes the pieces of one stream in order and gives their text, as far as its characters are whole. */
export class CutCharacters {
  /** The high half of a surrogate pair that the text so far ends in. */
  #half = "";
  /** The bytes of the character that the bytes so far end in the middle of. */
  #bytes = NONE;

  /** Whether the rest of a character is still to come. */
  get isWaiting(): boolean {
    return this.#half !== "" || this.#bytes.length > 0;
  }

  /** The text up to the last character that is whole. */
  take(piece: string | Uint8Array): string {
    if (typeof piece === "string") {
      if (piece === "") return "";
      const text = this.#endOfBytes() + this.#half + piece;
      if (!endsInHalf(text)) {
        this.#half = "";
        return text;
      }
      this.#half = text.slice(-1);
      return text.slice(0, -1);
    }
    if (piece.length === 0) return "";
    const before = this.#endOfHalf();
    const bytes =
      this.#bytes.length === 0 ? piece : Buffer.concat([this.#bytes, piece]);
    const end = endOfWhole(bytes);
    // A copy: whoever has written the bytes may use their place for others.
    this.#bytes = new Uint8Array(bytes.subarray(end));
    return before + decoded(bytes.subarray(0, end));
  }

  /** What stands for a character whose rest has not come: U+FFFD; empty if none is waiting. */
  end(): string {
    return this.#endOfBytes() + this.#endOfHalf();
  }

  #endOfBytes(): string {
    const bytes = this.#bytes;
    this.#bytes = NONE;
    return decoded(bytes);
  }

  #endOfHalf(): string {
    const half = this.#half;
    this.#half = "";
    return half === "" ? "" : "\ufffd";
  }
}

function decoded({ buffer, byteOffset, byteLength }: Uint8Array): string {
  return Buffer.from(buffer, byteOffset, byteLength).toString("utf8");
}

/** Where in the bytes a character begins that goes on after them; their length if none does. */
function endOfWhole(bytes: Uint8Array): number {
  for (let back = 1; back <= Math.min(3, bytes.length); back += 1) {
    const byte = bytes[bytes.length - back]!;
    const isContinuation = byte >= 0x80 && byte < 0xc0;
    if (isContinuation) continue;
    return lengthOf(byte) > back ? bytes.length - back : bytes.length;
  }
  return bytes.length;
}

/** How many bytes the character that begins with this byte has. */
function lengthOf(byte: number): number {
  if (byte >= 0xf0 && byte <= 0xf4) return 4;
  if (byte >= 0xe0 && byte <= 0xef) return 3;
  return byte >= 0xc2 && byte <= 0xdf ? 2 : 1;
}
