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
  readonly id: string;
  readonly sent: unknown[] = [];
  isOpen = true;
  readonly #listeners: Parameters<Comm["onMessage"]>[0][] = [];

  constructor(id: string) {
    this.id = id;
  }

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

/** Opens a comm as a page does; undefined where nobody answers to this name. */
export type OpenAsPage = (target: string) => FakeComm | undefined;

/** Runs `work` as a cell would, and gives its result and everything it showed, in order. */
export async function withHost<Result>(
  work: (
    opened: readonly OpenedComm[],
    openAsPage: OpenAsPage,
  ) => Result | Promise<Result>,
): Promise<{ result: Result; shown: Shown[] }> {
  const shown: Shown[] = [];
  const opened: OpenedComm[] = [];
  const openers = new Map<string, (comm: Comm) => void>();
  const openAsPage: OpenAsPage = (target) => {
    const opener = openers.get(target);
    if (opener === undefined) return undefined;
    const comm = new FakeComm("page");
    opener(comm);
    return comm;
  };
  const host: NotebookHost = {
    display: (bundle, options = {}) => shown.push({ bundle, options }),
    openComm: (target, data, extras) => {
      const comm = new FakeComm(`comm-${opened.length + 1}`);
      opened.push({ target, data, extras, comm });
      return comm;
    },
    registerCommTarget: (name, opener) => openers.set(name, opener),
  };
  const place = globalThis as { [notebookHostKey]?: NotebookHost };
  place[notebookHostKey] = host;
  try {
    return { result: await work(opened, openAsPage), shown };
  } finally {
    delete place[notebookHostKey];
  }
}
