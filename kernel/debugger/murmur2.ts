/**
 * Computes MurmurHash2, by which Jupyter's clients find the path of a cell's code
 * (https://github.com/aappleby/smhasher, MurmurHash2, 32 bits).
 */

const FACTOR = 0x5bd1e995;

/** Returns the hash of a text in UTF-8, as an unsigned number of 32 bits. */
export function murmur2(text: string, seed: number): number {
  const bytes = new TextEncoder().encode(text);
  const view = new DataView(bytes.buffer);
  let hash = seed ^ bytes.length;
  let offset = 0;
  for (; offset + 4 <= bytes.length; offset += 4) {
    let word = Math.imul(view.getUint32(offset, true), FACTOR);
    word = Math.imul(word ^ (word >>> 24), FACTOR);
    hash = Math.imul(hash, FACTOR) ^ word;
  }
  if (offset < bytes.length) {
    for (let index = bytes.length - 1; index >= offset; index -= 1) {
      hash ^= bytes[index]! << (8 * (index - offset));
    }
    hash = Math.imul(hash, FACTOR);
  }
  hash = Math.imul(hash ^ (hash >>> 13), FACTOR);
  return (hash ^ (hash >>> 15)) >>> 0;
}
