/**
 * A fake notebook host that records displays and comms, for tests.
 */
import {
  type Comm,
  type CommOpener,
  notebookHostKey,
  type DisplayOptions,
  type NotebookHost,
} from "../../src/notebook/host";
import type { MimeBundle } from "../../src/notebook/mime";

/** A bundle that was sent to the notebook. */
export interface Shown {
  readonly bundle: MimeBundle;
  readonly options: DisplayOptions;
}

/** A comm that records sent messages and can simulate messages from the page. */
class FakeComm implements Comm {
  readonly id: string;
  readonly target: string;
  readonly sent: unknown[] = [];
  isOpen = true;
  readonly #listeners: Parameters<Comm["onMessage"]>[0][] = [];

  constructor(id: string, target: string) {
    this.id = id;
    this.target = target;
  }

  send(data: Record<string, unknown>, extras: object = {}): void {
    this.sent.push({ data, ...extras });
  }

  onMessage(listener: Parameters<Comm["onMessage"]>[0]): void {
    this.#listeners.push(listener);
  }

  onClose(): void {}

  /** Simulates a message from the page. */
  receive(
    data: Record<string, unknown>,
    buffers: readonly Uint8Array[] = [],
  ): void {
    for (const listener of this.#listeners) listener(data, buffers);
  }

  close(): void {
    this.isOpen = false;
  }
}

/** An opened comm with its arguments. */
interface OpenedComm {
  readonly target: string;
  readonly data: Record<string, unknown>;
  readonly extras: object | undefined;
  readonly comm: FakeComm;
}

/** Opens a comm from the page; undefined if no target of this name is registered. */
type OpenAsPage = (target: string) => FakeComm | undefined;

/**
 * Runs `work` as in a cell, and returns its result and all displays in order.
 *
 * @param isInteractive Whether the notebook says that a user can answer.
 */
export async function withHost<Result>(
  work: (
    opened: readonly OpenedComm[],
    openAsPage: OpenAsPage,
  ) => Result | Promise<Result>,
  isInteractive = false,
): Promise<{ result: Result; shown: Shown[] }> {
  const shown: Shown[] = [];
  const opened: OpenedComm[] = [];
  const openers = new Map<string, CommOpener>();
  const openAsPage: OpenAsPage = (target) => {
    const opener = openers.get(target);
    if (opener === undefined) return undefined;
    const comm = new FakeComm("page", target);
    opener(comm, {}, []);
    return comm;
  };
  const host: NotebookHost = {
    display: (bundle, options = {}) => shown.push({ bundle, options }),
    clear: () => undefined,
    openComm: (target, data = {}, extras) => {
      const comm = new FakeComm(`comm-${opened.length + 1}`, target);
      opened.push({ target, data, extras, comm });
      return comm;
    },
    registerCommTarget: (name, opener) => openers.set(name, opener),
    isInteractive: () => isInteractive,
  };
  const globals = globalThis as { [notebookHostKey]?: NotebookHost };
  globals[notebookHostKey] = host;
  try {
    return { result: await work(opened, openAsPage), shown };
  } finally {
    delete globals[notebookHostKey];
  }
}
