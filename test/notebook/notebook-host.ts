/**
 * A notebook for tests: keeps what a cell would have shown.
 */
import {
  type Comm,
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

/** A comm that keeps what was sent on it, and lets a test speak as the page. */
export class FakeComm implements Comm {
  readonly id = "comm-1";
  readonly sent: unknown[] = [];
  isOpen = true;
  readonly #listeners: Parameters<Comm["onMessage"]>[0][] = [];

  send(data: Record<string, unknown>, extras: object = {}): void {
    this.sent.push({ data, ...extras });
  }

  onMessage(listener: Parameters<Comm["onMessage"]>[0]): void {
    this.#listeners.push(listener);
  }

  /** Does what a message of the page does. */
  speak(
    data: Record<string, unknown>,
    buffers: readonly Uint8Array[] = [],
  ): void {
    for (const listener of this.#listeners) listener(data, buffers);
  }

  close(): void {
    this.isOpen = false;
  }
}

/** A comm that was opened, and with what. */
export interface OpenedComm {
  readonly target: string;
  readonly data: Record<string, unknown>;
  readonly extras: object | undefined;
  readonly comm: FakeComm;
}

/** Runs `work` as a cell would, and gives its result and everything it showed, in order. */
export async function withHost<Result>(
  work: (opened: readonly OpenedComm[]) => Result | Promise<Result>,
): Promise<{ result: Result; shown: Shown[] }> {
  const shown: Shown[] = [];
  const opened: OpenedComm[] = [];
  const host: NotebookHost = {
    display: (bundle, options = {}) => shown.push({ bundle, options }),
    openComm: (target, data, extras) => {
      const comm = new FakeComm();
      opened.push({ target, data, extras, comm });
      return comm;
    },
  };
  const place = globalThis as { [notebookHostKey]?: NotebookHost };
  place[notebookHostKey] = host;
  try {
    return { result: await work(opened), shown };
  } finally {
    delete place[notebookHostKey];
  }
}
