/**
 * Finds keys that occur twice in an object of a JSON text, of which `JSON.parse` keeps the last.
 */

/** Texts with their escapes, and the marks that structure objects and arrays. */
const tokens = /"(?:[^"\\]|\\.)*"|[{}[\]:]/g;

/** Returns a key that an object has twice, or undefined. The text must be valid JSON. */
export function duplicateKey(text: string): string | undefined {
  const outer: Set<string>[] = [];
  let keys = new Set<string>();
  let last = "";
  for (const [token] of text.matchAll(tokens)) {
    if (token === "{" || token === "[") {
      outer.push(keys);
      keys = new Set();
    } else if (token === "}" || token === "]") {
      keys = outer.pop()!;
    } else if (token === ":") {
      // Escapes: "\u0061" and "a" are the same key.
      const key = JSON.parse(last) as string;
      if (keys.has(key)) return key;
      keys.add(key);
    }
    last = token;
  }
  return undefined;
}
