/**
 * Errors of Node's about modules, with the files that somebody wrote in the place of those that they were compiled to.
 */
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

/** A compiled ES module, as messages name it. */
const COMPILED = /(?:file:\/\/)?\/[^\s'"]*\/[0-9a-f]{40}\/[^\s'"/]+\.mjs/g;

/** The same error; its message names sources. */
export function withSources(thrown: unknown): unknown {
  if (!(thrown instanceof Error)) return thrown;
  const message = thrown.message.replace(COMPILED, sourceOf);
  if (message === thrown.message) return thrown;
  const stack = thrown.stack?.replace(thrown.message, message);
  Object.defineProperty(thrown, "message", {
    value: message,
    configurable: true,
    writable: true,
  });
  if (stack !== undefined) thrown.stack = stack;
  return thrown;
}

function sourceOf(place: string): string {
  const path = place.startsWith("file:") ? fileURLToPath(place) : place;
  try {
    const map = JSON.parse(readFileSync(`${path}.map`, "utf8")) as {
      sources?: readonly string[];
    };
    return map.sources?.[0] ?? place;
  } catch {
    // One of another program.
    return place;
  }
}
