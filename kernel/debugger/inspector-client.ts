/**
 * Calls Node's inspector in the runtime, through its guard thread, and the debugger's part in the
 * main thread (`target/debug-target.ts`).
 */
import type { Runtime } from "node:inspector";
import { coded } from "@convnotes/notebook/coded-error";
import type { DebugCommand, DebugNotice } from "./channel";
import { TARGET } from "./expressions";

interface PendingCall {
  resolve(result: unknown): void;
  reject(error: Error): void;
}

/** Calls the inspector. */
export class InspectorClient {
  readonly #send: (command: DebugCommand) => void;
  #pending = new Map<number, PendingCall>();
  #calls = 0;
  /** The inspector's id of the target in the attached session. */
  #target: Promise<string> | undefined;

  /** @param send Sends a command to the guard. */
  constructor(send: (command: DebugCommand) => void) {
    this.#send = send;
  }

  /** Opens the session, which stays open until {@link detach}. */
  attach(): void {
    this.#send({ do: "attach" });
  }

  /** Closes the session. */
  detach(): void {
    this.#target = undefined;
    this.#send({ do: "detach" });
  }

  /** Lets the main thread run an announced script. */
  run(script: number): void {
    this.#send({ do: "run", script });
  }

  /**
   * Calls a method of the inspector.
   *
   * @throws {Error} With the inspector's message, if it fails, or if the runtime ends.
   */
  call<Result = unknown>(method: string, params: object = {}): Promise<Result> {
    this.#calls += 1;
    const id = this.#calls;
    return new Promise<Result>((resolve, reject) => {
      this.#pending.set(id, {
        resolve: (result) => resolve(result as Result),
        reject,
      });
      this.#send({ do: "call", id, method, params });
    });
  }

  /**
   * Calls a method of the target with values that JSON can represent.
   *
   * @throws {Error} If the method throws.
   */
  async ask<Result>(method: string, ...values: unknown[]): Promise<Result> {
    const list = values.map((value) => JSON.stringify(value)).join(", ");
    const returned = await this.call<Runtime.EvaluateReturnType>(
      "Runtime.evaluate",
      {
        expression: `${TARGET}.${method}(${list})`,
        returnByValue: true,
        awaitPromise: method === "displayed",
        silent: true,
        disableBreaks: true,
      },
    );
    return valueOf<Result>(returned);
  }

  /**
   * Calls a method of the target with values of the runtime. Requires the session to be open.
   *
   * @throws {Error} If the method throws.
   */
  async apply<Result>(
    method: string,
    values: readonly Runtime.CallArgument[],
  ): Promise<Result> {
    this.#target ??= this.call<Runtime.EvaluateReturnType>("Runtime.evaluate", {
      expression: TARGET,
      silent: true,
    }).then(({ result }) => result.objectId ?? "");
    const returned = await this.call<Runtime.CallFunctionOnReturnType>(
      "Runtime.callFunctionOn",
      {
        objectId: await this.#target,
        functionDeclaration: `function (...values) { return this.${method}(...values); }`,
        arguments: values,
        returnByValue: true,
        silent: true,
      },
    );
    return valueOf<Result>(returned);
  }

  /** Settles the call that a notice belongs to. */
  settle(notice: DebugNotice & { is: "result" | "failure" }): void {
    const call = this.#pending.get(notice.id);
    this.#pending.delete(notice.id);
    if (notice.is === "result") call?.resolve(notice.result);
    else call?.reject(coded("ERR_INVALID_STATE", new Error(notice.message)));
  }

  /** Rejects all calls, after the runtime has ended. */
  abandon(): void {
    const pending = [...this.#pending.values()];
    this.#pending = new Map();
    this.#target = undefined;
    for (const { reject } of pending) {
      reject(
        coded(
          "ERR_PROCESS",
          new Error(
            "Expected the process of the cells to be running, found that it has ended.",
          ),
        ),
      );
    }
  }
}

/** Returns a value of the runtime as an argument of a call. */
export function argumentOf(value: Runtime.RemoteObject): Runtime.CallArgument {
  const { objectId, unserializableValue } = value;
  if (objectId !== undefined) return { objectId };
  if (unserializableValue !== undefined) return { unserializableValue };
  return { value: value.value as unknown };
}

/** Returns the message of what an evaluated expression has thrown. */
export function messageOf({
  text,
  exception,
}: Runtime.ExceptionDetails): string {
  const described = exception?.description ?? exception?.value;
  return described === undefined
    ? text
    : String(described).split("\n    at ")[0]!;
}

function valueOf<Result>({
  result,
  exceptionDetails,
}: Runtime.EvaluateReturnType): Result {
  if (exceptionDetails) {
    throw coded("ERR_INVALID_STATE", new Error(messageOf(exceptionDetails)));
  }
  return result.value as Result;
}
