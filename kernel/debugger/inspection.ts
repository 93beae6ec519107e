/**
 * Answers what a client asks about values: variables, expressions, their displays and exceptions,
 * also when nothing has stopped.
 */
import { coded } from "@convnotes/notebook/coded-error";
import type { Compiler } from "../compiler/compiler";
import { isIdentifier } from "../identifier";
import type { JsonObject } from "../wire/message";
import { parseable, withNames } from "./expressions";
import type { Frames } from "./frames";
import { argumentOf, type InspectorClient } from "./inspector-client";
import type { Stops } from "./stops";
import type { Row } from "./target/references";
import type { Texts } from "./texts";

/** What inspection depends on. */
interface InspectionContext {
  readonly client: InspectorClient;
  readonly frames: Frames;
  readonly texts: Texts;
  readonly stops: Stops;
  readonly compiler: Compiler;
  /** Returns what identifies the running cell; undefined if there is none. */
  readonly run: () => unknown;
}

/** Reads values of the runtime. */
export class Inspection {
  readonly #context: InspectionContext;
  /** The list that is being read; further requests get the same. */
  #reading: Promise<readonly Row[]> | undefined;
  /** The variables when no cell was running. */
  #latest: readonly Row[] | undefined;
  /** Names that were copied to the cells, and that the compiler does not know yet. */
  readonly #copied = new Set<string>();

  constructor(context: InspectionContext) {
    this.#context = context;
  }

  /** Lists the variables of all cells. */
  async variables(): Promise<{ variables: readonly Row[] }> {
    const { stops, run } = this.#context;
    const isBusy = run() !== undefined && stops.pause === undefined;
    // Clients ask at each output of a cell. Reading the values of a library in the middle of its
    // work might disturb it.
    if (isBusy && this.#latest) return { variables: this.#latest };
    this.#reading ??= this.#read(isBusy).finally(() => {
      this.#reading = undefined;
    });
    return { variables: await this.#reading };
  }

  /** Forgets the variables, after the runtime has ended. */
  reset(): void {
    this.#latest = undefined;
    this.#copied.clear();
  }

  /** Lists the members of a value. */
  async members({
    variablesReference,
    filter,
    start,
    count,
  }: JsonObject): Promise<{ variables: readonly Row[] }> {
    const part = {
      ...(filter ? { filter } : {}),
      start: Number(start ?? 0),
      count: Number(count ?? 0),
    };
    const reference = Number(variablesReference ?? 0);
    const variables = await this.#context.client.ask<readonly Row[]>(
      ...(["variables", reference, part] as const),
    );
    return { variables };
  }

  /** Evaluates an expression, in a frame or outside. */
  async evaluate({ expression, frameId }: JsonObject): Promise<JsonObject> {
    const { client, frames, stops } = this.#context;
    const code = await this.#javascript(
      typeof expression === "string" ? expression : "",
    );
    const frame = stops.frame(frameId);
    const described = frame
      ? await client.apply<Row>("describe", [
          argumentOf(await frames.evaluate(frame, code)),
        ])
      : await client.ask<Row>("evaluate", withNames(code, []));
    const { value: result, type, variablesReference } = described;
    return { result, type, variablesReference };
  }

  /** Returns the display of a variable. */
  async rich({ variableName, frameId }: JsonObject): Promise<JsonObject> {
    const { client, frames, stops } = this.#context;
    const name = nameOf(variableName);
    const frame = stops.frame(frameId) ?? stops.pause?.frames[0];
    if (frame === undefined) {
      const data = await client.ask<JsonObject | undefined>("displayed", name);
      return { data: data ?? {}, metadata: {} };
    }
    const value = await frames.evaluate(frame, name);
    const data = await client.apply<JsonObject>("displayedNow", [
      argumentOf(value),
    ]);
    return { data, metadata: {} };
  }

  /** Copies a variable of a frame to the variables of the cells. */
  async copy({
    srcVariableName,
    dstVariableName,
    srcFrameId,
  }: JsonObject): Promise<JsonObject> {
    const [from, to] = [nameOf(srcVariableName), nameOf(dstVariableName)];
    const { client, frames, stops } = this.#context;
    const frame = stops.frame(srcFrameId);
    if (frame === undefined) {
      throw coded(
        "ERR_INVALID_VALUE",
        new Error(
          `Expected a frame that has stopped, received ${String(srcFrameId)}.`,
        ),
      );
    }
    const value = await frames.evaluate(frame, from);
    await client.apply("copy", [{ value: to }, argumentOf(value)]);
    this.#copied.add(to);
    const { value: text, type } = await client.apply<Row>("describe", [
      argumentOf(value),
    ]);
    return { value: text, type };
  }

  /** Makes copied names known to the compiler. Their type is `any`. */
  declareCopies(): Promise<void> | undefined {
    if (this.#copied.size === 0) return undefined;
    const { compiler } = this.#context;
    const names = [...this.#copied];
    this.#copied.clear();
    const declare = async () => {
      for (const name of names) {
        // The declaration does not run, so the variable keeps its value.
        const { cell } = await compiler.compile(`var ${name}: any;`);
        if (cell) await compiler.commit();
      }
    };
    return declare();
  }

  /** Describes the exception at which the code has stopped. */
  async exception(): Promise<JsonObject> {
    const { client, stops } = this.#context;
    const { exception, isCaught } = stops.pause ?? {};
    if (exception === undefined) {
      throw coded(
        "ERR_INVALID_STATE",
        new Error("Expected a stop at an exception, but there is none."),
      );
    }
    const { name, message, stack } = await client.apply<
      Readonly<Record<"name" | "message" | "stack", string>>
    >("thrown", [argumentOf(exception)]);
    return {
      exceptionId: name,
      description: message,
      breakMode: isCaught ? "always" : "unhandled",
      details: { message, typeName: name, stackTrace: stack },
    };
  }

  async #read(isBusy: boolean): Promise<readonly Row[]> {
    const { client, stops } = this.#context;
    const rows = await client.ask<readonly Row[]>("inspect", isBusy);
    if (!isBusy && !stops.pause) this.#latest = rows;
    return rows;
  }

  /** Returns an expression, which may contain types, as JavaScript. */
  async #javascript(expression: string): Promise<string> {
    const { texts } = this.#context;
    return (
      parseable(expression) ??
      parseable(await texts.javascript(`(${expression}\n)`)) ??
      expression
    );
  }
}

function nameOf(value: unknown): string {
  if (typeof value === "string" && isIdentifier(value)) return value;
  throw coded(
    "ERR_INVALID_VALUE",
    new Error(
      `Expected the name of a variable, received ${JSON.stringify(value)}.`,
    ),
  );
}
