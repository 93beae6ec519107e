/**
 * JSON as a line of its own, for programs that read lines.
 */

/** A value as JSON that ends in the only line break it has. Readers of lines, Node's among them, take U+2028 and U+2029 for one too. */
export function jsonLine(value: unknown): string {
  const json = JSON.stringify(value);
  return `${json.replace(/[\u2028\u2029]/g, (found) => (found === "\u2028" ? "\\u2028" : "\\u2029"))}\n`;
}
