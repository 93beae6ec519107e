/**
 * Errors of Node's about modules, with the files that somebody wrote in the place of those that they were compiled to.
 */
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

/** A compiled ES module, as messages name it. */
const COMPILED = /(?:file:\/\/)?\/[^\s'"]*\/[0-9a-f]{40}\/[^\s'"/]+\.mjs/g;

/** Node's codes for modules that can be imported and not required. */
const IMPORT_ONLY = new Set([
  "ERR_PACKAGE_PATH_NOT_EXPORTED",
  "ERR_REQUIRE_ASYNC_MODULE",
  "ERR_REQUIRE_CYCLE_MODULE",
  "ERR_REQUIRE_ESM",
]);

/** Whether what was thrown, which may be anything, says that a module can be imported and not required. */
export function isImportOnly(thrown: unknown): boolean {
  return IMPORT_ONLY.has(codeOf(thrown) ?? "");
}

/** Node's code of an error; undefined if what was thrown has none. */
export function codeOf(thrown: unknown): string | undefined {
  return thrown instanceof Error
    ? (thrown as NodeJS.ErrnoException).code
    : undefined;
}

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
