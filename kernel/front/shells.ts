/**
 * Keeps the main shell and the subshells: queues of execute requests that run beside each other
 * (JEP 91, https://jupyter-client.readthedocs.io/en/stable/messaging.html#kernel-subshells).
 *
 * All shells have the same variables and the same thread, so a cell of one shell runs while the
 * cells of the others wait for something. Comm messages do not wait in any shell.
 */
import { randomUUID } from "node:crypto";
import type { Message } from "../wire/message";
import type { ReplyContent } from "../wire/replies";
import type { ExecuteRequest, RequestContent } from "../wire/requests";
import { InvalidContent } from "../wire/rules";
import type { Execution } from "./execution";

/** Thrown for the id of a subshell that does not exist. */
export class UnknownSubshell extends InvalidContent {
  override name = "UnknownSubshell";

  constructor(id: unknown) {
    super(
      `Expected the id of a subshell of this kernel, received ${JSON.stringify(id)}.`,
    );
  }
}

/** The main shell and the subshells of a kernel. */
export class Shells {
  readonly #main: Execution;
  readonly #subshells = new Map<string, Execution>();
  /** All queues, with those of deleted subshells whose last cell has not ended. */
  #all: readonly Execution[];
  readonly #create: () => Execution;

  /** @param create Creates the queue of a shell. */
  constructor(create: () => Execution) {
    this.#create = create;
    this.#main = create();
    this.#all = [this.#main];
  }

  /** The requests whose cells are running, that of the main shell first. */
  get running(): readonly ExecuteRequest[] {
    return this.#all.flatMap(({ current }) => current ?? []);
  }

  /** Creates a subshell. */
  create(): ReplyContent<"create_subshell_request"> {
    const id = randomUUID();
    const shell = this.#create();
    this.#subshells.set(id, shell);
    this.#all = [...this.#all, shell];
    return { status: "ok", subshell_id: id };
  }

  /**
   * Deletes a subshell. Its waiting requests are aborted; a running cell continues.
   *
   * @throws {UnknownSubshell} If there is none with this id.
   */
  delete({
    subshell_id: id,
  }: RequestContent<"delete_subshell_request">): ReplyContent<"delete_subshell_request"> {
    const shell = this.#subshell(id);
    this.#subshells.delete(id);
    shell.abort();
    const kept = new Set([this.#main, ...this.#subshells.values()]);
    this.#all = this.#all.filter((each) => kept.has(each) || each.current);
    return { status: "ok" };
  }

  /** Lists the ids of all subshells. */
  list(): ReplyContent<"list_subshell_request"> {
    return { status: "ok", subshell_id: [...this.#subshells.keys()] };
  }

  /**
   * Checks that the shell exists that the header of a message names.
   *
   * @throws {UnknownSubshell} If it does not.
   */
  check(message: Message): void {
    this.#shell(message);
  }

  /**
   * Adds a request to the queue of the shell that its header names.
   *
   * @throws {UnknownSubshell} If that does not exist.
   */
  enqueue(request: ExecuteRequest): void {
    this.#shell(request.message).enqueue(request);
  }

  /** Tells all shells that their cells are interrupted. */
  interrupt(): void {
    for (const shell of this.#all) shell.interrupt();
  }

  #shell({ header }: Message): Execution {
    const id = header.subshell_id ?? undefined;
    return id === undefined ? this.#main : this.#subshell(id);
  }

  #subshell(id: unknown): Execution {
    const shell = this.#subshells.get(String(id));
    if (shell === undefined) throw new UnknownSubshell(id);
    return shell;
  }
}
