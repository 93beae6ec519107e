/**
 * A notebook for tests: keeps what a cell would have shown.
 */
import {
  notebookHostKey,
  type DisplayOptions,
  type NotebookHost,
} from "../../src/notebook/host";
import type { MimeBundle } from "../../src/notebook/mime";

/** One thing that was sent to the notebook. */
export interface Shown {
  readonly bundle: MimeBundle;
  readonly options: DisplayOptions;
}

/** Runs `work` as a cell would, and gives its result and everything it showed, in order. */
export async function withHost<Result>(
  work: () => Result | Promise<Result>,
): Promise<{ result: Result; shown: Shown[] }> {
  const shown: Shown[] = [];
  const host: NotebookHost = {
    display: (bundle, options = {}) => shown.push({ bundle, options }),
  };
  const place = globalThis as { [notebookHostKey]?: NotebookHost };
  place[notebookHostKey] = host;
  try {
    return { result: await work(), shown };
  } finally {
    delete place[notebookHostKey];
  }
}
