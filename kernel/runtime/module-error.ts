/**
 * Replaces the paths of compiled files with those of their sources in Node's errors about modules.
 */
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

/** Matches the path or URL of a compiled ES module in a message. */
const COMPILED = /(?:file:\/\/)?\/[^\s'"]*\/[0-9a-f]{40}\/[^\s'"/]+\.mjs/g;

/** Node's error codes for modules that can be imported but not required. */
const IMPORT_ONLY = new Set([
  "ERR_PACKAGE_PATH_NOT_EXPORTED",
  "ERR_REQUIRE_ASYNC_MODULE",
  "ERR_REQUIRE_CYCLE_MODULE",
  "ERR_REQUIRE_ESM",
]);

/** Returns whether a thrown value means that a module can be imported but not required. */
export function isImportOnly(thrown: unknown): boolean {
  return IMPORT_ONLY.has(codeOf(thrown) ?? "");
}

/** Returns the `code` of a Node error, or undefined for other values. */
export function codeOf(thrown: unknown): string | undefined {
  return thrown instanceof Error
    ? (thrown as NodeJS.ErrnoException).code
    : undefined;
}

/**
 * Replaces compiled paths in an error's message and stack with source paths. Returns the same
 * error.
 */
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
    // The path belongs to another program.
    return place;
  }
}
