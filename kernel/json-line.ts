/**
 * Serializes values as lines of JSON.
 */

/**
 * Returns a value as one line of JSON, with a trailing line break. U+2028 and U+2029 are escaped,
 * because line readers such as Node's treat them as line breaks.
 */
export function jsonLine(value: unknown): string {
  const json = JSON.stringify(value);
  return `${json.replace(/[\u2028\u2029]/g, (found) => (found === "\u2028" ? "\\u2028" : "\\u2029"))}\n`;
}
