/**
 * Answers the requests of debuggers in Jupyter's clients: of the Debug Adapter Protocol, and those
 * that Jupyter adds.
 *
 * It runs in the front process, which answers while the runtime is busy or paused.
 */
import { coded } from "@convnotes/notebook/coded-error";
import type { Compiler } from "../compiler/compiler";
import type { JsonObject } from "../wire/message";
import { Breakpoints } from "./breakpoints";
import { CellPaths, HASH_SEED, PATH_SUFFIX } from "./cell-paths";
import type { DebugCommand, DebugNotice } from "./channel";
import { Frames } from "./frames";
import { InspectorClient } from "./inspector-client";
import { Inspection } from "./inspection";
import {
  CAPABILITIES,
  type DebugEvents,
  type DebugRequest,
  type SourceBreakpoint,
  THREAD,
} from "./protocol";
import { Scripts } from "./scripts";
import { DebugSession } from "./session";
import { Stops } from "./stops";
import { Texts } from "./texts";

/** The debugger's connection to the kernel. */
export interface DebuggerPort {
  /** Sends a command to the runtime's guard. */
  send(command: DebugCommand): void;
  /** Publishes an event to the clients. */
  publish(event: JsonObject): void;
  /** Returns what identifies the running cell; undefined if there is none. */
  run(): unknown;
}

/** Answers a request. Returns the body of the response. */
type Handler = (parameters: JsonObject) => unknown;

/** The debugger of one kernel. */
export class Debugger {
  readonly #port: DebuggerPort;
  readonly #cellPaths = new CellPaths();
  readonly #scripts = new Scripts(this.#cellPaths);
  readonly #texts: Texts;
  readonly #frames: Frames;
  readonly #breakpoints: Breakpoints;
  readonly #stops: Stops;
  readonly #inspection: Inspection;
  readonly #session: DebugSession;
  #isStarted = false;
  #messages = 0;

  /**
   * @param port The connection to the kernel.
   * @param compiler The compiler of the cells.
   */
  constructor(port: DebuggerPort, compiler: Compiler) {
    this.#port = port;
    const client = new InspectorClient((command) => port.send(command));
    this.#texts = new Texts(compiler, this.#cellPaths);
    this.#frames = new Frames(client, this.#scripts);
    const shared = {
      client,
      scripts: this.#scripts,
      frames: this.#frames,
      texts: this.#texts,
    };
    this.#breakpoints = new Breakpoints(client, this.#scripts, this.#texts);
    const publish = <Name extends keyof DebugEvents>(
      event: Name,
      body: DebugEvents[Name],
    ) => {
      this.#publish(event, body);
    };
    this.#stops = new Stops({
      ...shared,
      breakpoints: this.#breakpoints,
      publish,
      run: () => port.run(),
    });
    this.#inspection = new Inspection({
      ...shared,
      stops: this.#stops,
      compiler,
      run: () => port.run(),
    });
    this.#session = new DebugSession({
      ...shared,
      breakpoints: this.#breakpoints,
      stops: this.#stops,
      inspection: this.#inspection,
      publish,
    });
  }

  /** Answers a request. Never rejects: a failure is a response, too. */
  async answer(request: DebugRequest): Promise<JsonObject> {
    const { seq, command } = request;
    this.#messages += 1;
    const common = {
      type: "response",
      seq: this.#messages,
      request_seq: seq,
      command,
    };
    try {
      const body = await this.#handle(command, request.arguments ?? {});
      return { ...common, success: true, body: body ?? {} };
    } catch (error) {
      const { message } = error as Error;
      return { ...common, success: false, message, body: {} };
    }
  }

  /** Handles a notice of the guard. */
  receive(notice: DebugNotice): void {
    this.#session.receive(notice);
  }

  /** Continues with another runtime process, after the first one has ended. */
  lost(): void {
    this.#session.lost();
  }

  /**
   * Waits until a new runtime process has its breakpoints, and declares variables that were copied
   * to the cells. Called before a cell is compiled.
   */
  async beforeCell(): Promise<void> {
    await this.#session.restored();
    await this.#inspection.declareCopies();
  }

  async #handle(command: string, parameters: JsonObject): Promise<unknown> {
    const always = this.#always.get(command);
    const handler = always ?? this.#started.get(command);
    if (handler === undefined) {
      throw coded(
        "ERR_UNKNOWN_NAME",
        new Error(`Expected a command of the debugger, received "${command}".`),
      );
    }
    if (always === undefined && !this.#isStarted) {
      throw coded(
        "ERR_INVALID_STATE",
        new Error(`Expected "initialize" first, received "${command}".`),
      );
    }
    return handler(parameters);
  }

  /** Requests that are answered even if debugging is off. */
  readonly #always = handlers({
    debugInfo: () => ({
      isStarted: this.#isStarted,
      hashMethod: "Murmur2",
      hashSeed: HASH_SEED,
      tmpFilePrefix: this.#cellPaths.prefix,
      tmpFileSuffix: PATH_SUFFIX,
      breakpoints: this.#breakpoints.all(),
      stoppedThreads: this.#stops.pause ? [THREAD] : [],
      richRendering: true,
      copyToGlobals: true,
      exceptionPaths: ["TypeScript Exceptions"],
    }),
    initialize: () => {
      this.#isStarted = true;
      return CAPABILITIES;
    },
    inspectVariables: () => this.#inspection.variables(),
    richInspectVariables: (parameters) => this.#inspection.rich(parameters),
    copyToGlobals: (parameters) => this.#inspection.copy(parameters),
    modules: (parameters) => this.#modules(parameters),
    variables: (parameters) => this.#inspection.members(parameters),
    evaluate: (parameters) => this.#inspection.evaluate(parameters),
  });

  /** Requests that are answered after `initialize`. */
  readonly #started = handlers({
    attach: () => this.#session.attach(),
    disconnect: () => this.#disconnect(),
    terminate: () => this.#disconnect(),
    configurationDone: () => undefined,
    dumpCell: ({ code }) => ({ sourcePath: this.#cellPaths.add(String(code)) }),
    setBreakpoints: async (parameters) => {
      const { path } = (parameters.source ?? {}) as { path?: string };
      const { breakpoints = [] } = parameters as {
        breakpoints?: readonly SourceBreakpoint[];
      };
      return {
        breakpoints: await this.#breakpoints.replace(
          path ?? "",
          breakpoints ?? [],
        ),
      };
    },
    setExceptionBreakpoints: async ({ filters }) => {
      this.#stops.filters = new Set((filters ?? []) as readonly string[]);
      if (this.#session.isAttached) await this.#stops.applyFilters();
      return { breakpoints: [] };
    },
    threads: () => ({ threads: [{ id: THREAD, name: "Main thread" }] }),
    stackTrace: ({ startFrame, levels }) => {
      const all = this.#stops.pause?.frames ?? [];
      const part = partOf(all, startFrame, levels);
      return {
        stackFrames: part.map((each) => this.#frames.shown(each)),
        totalFrames: all.length,
      };
    },
    scopes: async ({ frameId }) => {
      const frame = this.#stops.frame(frameId);
      return { scopes: frame ? await this.#frames.scopes(frame) : [] };
    },
    source: (parameters) => this.#source(parameters),
    exceptionInfo: () => this.#inspection.exception(),
    continue: async () => {
      await this.#stops.continue();
      return { allThreadsContinued: true };
    },
    next: () => this.#stops.step("Debugger.stepOver"),
    stepIn: () => this.#stops.step("Debugger.stepInto"),
    stepOut: () => this.#stops.step("Debugger.stepOut"),
    pause: () => this.#stops.pauseNow(),
  });

  #disconnect(): Promise<void> {
    this.#isStarted = false;
    return this.#session.disconnect();
  }

  #source(parameters: JsonObject): { content: string; mimeType?: string } {
    const { path } = (parameters.source ?? parameters) as { path?: string };
    const content = this.#texts.read(path ?? "");
    if (content === undefined) {
      throw coded(
        "ERR_FILE_MISSING",
        new Error(`Expected a cell or a file, received ${path}.`),
      );
    }
    const isTypeScript = /\.[cm]?tsx?$/.test(path ?? "");
    return {
      content,
      mimeType: isTypeScript ? "application/x-typescript" : "text/javascript",
    };
  }

  #modules({ startModule, moduleCount }: JsonObject): unknown {
    const modules = this.#scripts
      .files()
      .map(({ name, path }, id) => ({ id, name, path }));
    return {
      modules: partOf(modules, startModule, moduleCount),
      totalModules: modules.length,
    };
  }

  #publish<Name extends keyof DebugEvents>(
    event: Name,
    body: DebugEvents[Name],
  ): void {
    this.#messages += 1;
    this.#port.publish({
      type: "event",
      seq: this.#messages,
      event,
      body,
    });
  }
}

/** Returns handlers by the names of their commands. */
function handlers(
  named: Readonly<Record<string, Handler>>,
): ReadonlyMap<string, Handler> {
  return new Map(Object.entries(named));
}

/** Returns the part of a list that a request asks for; all of it if it gives no count. */
function partOf<Value>(
  all: readonly Value[],
  start: unknown,
  count: unknown,
): readonly Value[] {
  const first = Number(start ?? 0);
  return all.slice(first, count ? first + Number(count) : all.length);
}
