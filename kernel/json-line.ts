/**
 * Values as lines of JSON.
 */
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";

/**
 * Returns a value as one line of JSON, with a trailing line break. U+2028 and U+2029 are escaped,
 * because line readers such as Node's treat them as line breaks.
 */
export function jsonLine(value: unknown): string {
  const json = JSON.stringify(value);
  return `${json.replace(/[\u2028\u2029]/g, (found) => (found === "\u2028" ? "\\u2028" : "\\u2029"))}\n`;
}

/**
 * Calls a function with the value of each line of JSON that a stream brings.
 *
 * The type of the values is not checked: both ends belong to this package. An error of the stream
 * is ignored: its owner notices when the process at the other end exits.
 */
export function onJsonLine<Value>(
  stream: Readable,
  received: (value: Value) => void,
): void {
  createInterface({ input: stream })
    .on("line", (line) => received(JSON.parse(line) as Value))
    // Since Node 16 the interface repeats errors of its stream, and throws them without a listener.
    .on("error", () => undefined);
}
