/**
 * Showing a value at once, and showing another in its place later.
 */
import { randomUUID } from "node:crypto";
import { notebookHost } from "./host";
import { toMimeBundle, type Displayable, type MimeBundle } from "./mime";

/** One block of output, which can be rewritten. */
export interface DisplayHandle {
  /** Shows another value in the place of the last one. */
  update(value: Displayable | MimeBundle): void;
}

/**
 * Shows a value now: below the running cell, or as text on standard output where there is no notebook.
 *
 * The handle rewrites the same block. On a terminal, one line rewrites the line before it; where standard output is
 * a file, such a passing line is left out and only longer texts are written.
 *
 * Throws a TypeError if the value is neither displayable nor a MIME bundle with `text/plain`.
 */
export function display(value: Displayable | MimeBundle): DisplayHandle {
  const bundle = toMimeBundle(value);
  const host = notebookHost();
  if (host === undefined) {
    console.log(bundle["text/plain"]);
    return { update: (next) => printUpdate(toMimeBundle(next)) };
  }
  // Not Math.random: drawing from it here would change what a seeded training run draws.
  const displayId = randomUUID();
  host.display(bundle, { displayId });
  return {
    update(next) {
      host.display(toMimeBundle(next), { displayId, update: true });
    },
  };
}

function printUpdate(bundle: MimeBundle): void {
  const text = String(bundle["text/plain"]);
  if (text.includes("\n")) {
    console.log(process.stdout.isTTY ? `\x1b[1A\x1b[2K${text}` : text);
  } else if (process.stdout.isTTY) {
    console.log(`\x1b[1A\x1b[2K${text}`);
  }
}
