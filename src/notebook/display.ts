/**
 * Display of values, with later updates in place.
 */
import { randomUUID } from "node:crypto";
import { notebookHost } from "./host";
import { toMimeBundle, type Displayable, type MimeBundle } from "./mime";

/** Handle of an output block, for updates. */
export interface DisplayHandle {
  /** Replaces the value shown in the block. */
  update(value: Displayable | MimeBundle): void;
}

/**
 * Displays a value below the running cell, or prints its text to standard output if there is no
 * notebook.
 *
 * The returned handle updates the same block. On a terminal, an update rewrites the previous line.
 * If standard output is not a terminal, one-line updates are omitted and only multi-line texts are
 * printed.
 *
 * Throws a TypeError (ERR_INVALID_TYPE) if the value is neither displayable nor a MIME bundle with
 * `text/plain`.
 */
export function display(value: Displayable | MimeBundle): DisplayHandle {
  const bundle = toMimeBundle(value);
  const host = notebookHost();
  if (host === undefined) {
    console.log(bundle["text/plain"]);
    return { update: (next) => printUpdate(toMimeBundle(next)) };
  }
  // Not Math.random: it would change the random values of a seeded training run.
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
