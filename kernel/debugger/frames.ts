/**
 * Reads the frames of paused code, their variables, and expressions in them.
 */
import type { Debugger, Runtime } from "node:inspector";
import { coded } from "@convnotes/notebook/coded-error";
import type { TextPosition } from "../compiler/debug-syntax";
import { CELLS, STOP, WRAPPER_LETTER } from "../wrapper-names";
import { withNames } from "./expressions";
import {
  argumentOf,
  type InspectorClient,
  messageOf,
} from "./inspector-client";
import type { Scope, StackFrame } from "./protocol";
import type { Scripts, ScriptSource } from "./scripts";
import type { EarlierSlots } from "./target/cell-names";

/** A frame of paused code that belongs to the user or to a package. */
export interface Frame {
  readonly id: number;
  readonly call: Debugger.CallFrame;
  readonly script: ScriptSource;
  /** The position in the text; undefined in code that is not in it. */
  readonly place: TextPosition | undefined;
}

/** Matches the slots that a cell's JavaScript uses. */
const SLOTS = /ºcells\d*\.([\p{ID_Continue}$]+)/gu;

/** The end of a slot that is not the first one of its name. */
const COUNT = new RegExp(`${WRAPPER_LETTER}\\d+$`);

/** The scopes of a function itself, as V8 names them. */
const OWN_SCOPES: ReadonlySet<string> = new Set([
  "local",
  "block",
  "catch",
  "with",
  "eval",
]);

/** Reads frames. */
export class Frames {
  readonly #client: InspectorClient;
  readonly #scripts: Scripts;
  /** The JavaScript of cells, by script id. */
  readonly #javascript = new Map<string, Promise<string>>();
  #last = 0;

  constructor(client: InspectorClient, scripts: Scripts) {
    this.#client = client;
    this.#scripts = scripts;
  }

  /** Returns the frames without those of Node and of the kernel. */
  of(calls: readonly Debugger.CallFrame[]): readonly Frame[] {
    return calls.flatMap((call) => {
      const script = this.#scripts.find(call.location.scriptId);
      if (script === undefined) return [];
      this.#last += 1;
      const place = script.original(call.location);
      return [{ id: this.#last, call, script, place }];
    });
  }

  /** Returns a frame as clients see it. */
  shown({ id, call, script, place }: Frame): StackFrame {
    const { path, name } = script;
    const { line, column } = place ?? { line: 1, column: 1 };
    return {
      id,
      line,
      column,
      name: call.functionName || (isOutermost(call) ? name : "(anonymous)"),
      source: { path, name },
    };
  }

  /**
   * Returns whether a frame is at a position that the kernel has added to a cell: the end of the
   * function around it, a check for interrupts in a loop, or the callee of a call such as `(0,
   * ºcells.f)()`, which is a statement to V8.
   */
  async isAtAddition({ call, script }: Frame): Promise<boolean> {
    if (!script.isCell) return false;
    const { lineNumber, columnNumber = 0 } = call.location;
    const lines = (await this.#textOf(call)).split("\n");
    const line = lines[lineNumber] ?? "";
    return (
      lineNumber === lines.length - 1 ||
      line.startsWith(`if (${STOP}`, columnNumber) ||
      (line.startsWith(CELLS, columnNumber) &&
        line.slice(0, columnNumber).endsWith("(0, "))
    );
  }

  /** Returns the scopes of a frame. */
  async scopes({ call, script }: Frame): Promise<readonly Scope[]> {
    const own = call.scopeChain.filter(({ type }) => OWN_SCOPES.has(type));
    const closures = call.scopeChain.filter(({ type }) => type === "closure");
    const modules = call.scopeChain.filter(({ type }) => type === "module");
    const none: Runtime.RemoteObject = { type: "undefined" };
    const groups = [
      ["Locals", isOutermost(call) ? none : call.this, own],
      ["Closure", none, closures],
      ["Module", none, modules],
    ] as const;
    const scopes: Scope[] = [];
    for (const [name, receiver, group] of groups) {
      const variablesReference = await this.#client.apply<number>("scope", [
        ...[receiver, ...group.map(({ object }) => object)].map(argumentOf),
      ]);
      if (name !== "Locals" && variablesReference === 0) continue;
      const hint =
        name === "Locals" ? ({ presentationHint: "locals" } as const) : {};
      scopes.push({ name, variablesReference, expensive: false, ...hint });
    }
    const earlier = script.isCell ? await this.#slots(call) : {};
    const globals = await this.#client.ask<number>("cells", earlier);
    const name = "Globals";
    return [...scopes, { name, variablesReference: globals, expensive: false }];
  }

  /**
   * Evaluates JavaScript in a frame.
   *
   * @throws {Error} If the expression throws.
   */
  async evaluate(
    { call, script }: Frame,
    javascript: string,
  ): Promise<Runtime.RemoteObject> {
    const expression = script.isCell
      ? withNames(
          javascript,
          await this.#localNames(call),
          await this.#slots(call),
        )
      : javascript;
    const { callFrameId } = call;
    return evaluated(
      await this.#client.call("Debugger.evaluateOnCallFrame", {
        callFrameId,
        expression,
        silent: true,
      }),
    );
  }

  /** Forgets what is known about scripts. */
  clear(): void {
    this.#javascript.clear();
  }

  #localNames(call: Debugger.CallFrame): Promise<readonly string[]> {
    const scopes = call.scopeChain
      .filter(({ type }) => type !== "global" && type !== "script")
      .map(({ object }) => argumentOf(object));
    return this.#client.apply("localNames", scopes);
  }

  /** Returns the slots of the names that a cell's script uses. */
  async #slots(call: Debugger.CallFrame): Promise<EarlierSlots> {
    const slots: Record<string, string> = {};
    const numberOf = (slot: string) =>
      Number(slot.split(WRAPPER_LETTER)[1] ?? 1);
    for (const [, slot = ""] of (await this.#textOf(call)).matchAll(SLOTS)) {
      const name = slot.replace(COUNT, "");
      const known = slots[name];
      if (known === undefined || numberOf(slot) > numberOf(known)) {
        slots[name] = slot;
      }
    }
    return slots;
  }

  #textOf({ location: { scriptId } }: Debugger.CallFrame): Promise<string> {
    const known = this.#javascript.get(scriptId);
    if (known) return known;
    const text = this.#client
      .call<Debugger.GetScriptSourceReturnType>("Debugger.getScriptSource", {
        scriptId,
      })
      .then(({ scriptSource }) => scriptSource);
    this.#javascript.set(scriptId, text);
    return text;
  }
}

/** Whether a frame runs the top level of a cell or of a file. */
function isOutermost({ functionName, functionLocation }: Debugger.CallFrame) {
  return functionName === "" && functionLocation?.lineNumber === 0;
}

function evaluated({
  result,
  exceptionDetails,
}: Runtime.EvaluateReturnType): Runtime.RemoteObject {
  if (exceptionDetails) {
    throw coded("ERR_INVALID_STATE", new Error(messageOf(exceptionDetails)));
  }
  return result;
}
