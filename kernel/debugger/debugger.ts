/**
 * Answers the requests of debuggers in Jupyter's clients: of the Debug Adapter Protocol, and those
 * that Jupyter adds.
 *
 * It runs in the front process, which answers while the runtime is busy or paused. The runtime's
 * inspector is opened when a client attaches, and closed when it disconnects.
 */
import { coded } from "@convnotes/notebook/coded-error";
import type { Debugger as Inspector } from "node:inspector";
import { dirname } from "node:path";
import { pathToFileURL } from "node:url";
import type { Compiler } from "../compiler/compiler";
import type { JsonObject } from "../wire/message";
import { Breakpoints } from "./breakpoints";
import { CellPaths, HASH_SEED, PATH_SUFFIX } from "./cell-paths";
import type {
  AnnouncedScript,
  DebugCommand,
  DebugNotice,
  KnownScript,
} from "./channel";
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
import { type ParsedScript, Scripts } from "./scripts";
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

/** Scripts whose frames are skipped by steps: those of Node, of the kernel and of its helpers. */
const SKIPPED = [
  "^node:",
  `^${escaped(pathToFileURL(dirname(__dirname)).href)}/`,
  "/@cspotcode/source-map-support/",
  "/tslib/",
];

/** Answers a request. Returns the body of the response. */
type Handler = (parameters: JsonObject) => unknown;

/** The debugger of one kernel. */
export class Debugger {
  readonly #port: DebuggerPort;
  readonly #client: InspectorClient;
  readonly #cellPaths = new CellPaths();
  readonly #scripts = new Scripts(this.#cellPaths);
  readonly #texts: Texts;
  readonly #frames: Frames;
  readonly #breakpoints: Breakpoints;
  readonly #stops: Stops;
  readonly #inspection: Inspection;
  #isStarted = false;
  #isAttached = false;
  #messages = 0;
  /** The preparation of a runtime process that has replaced another. */
  #restoring: Promise<void> | undefined;

  /**
   * @param port The connection to the kernel.
   * @param compiler The compiler of the cells.
   */
  constructor(port: DebuggerPort, compiler: Compiler) {
    this.#port = port;
    this.#client = new InspectorClient((command) => port.send(command));
    this.#texts = new Texts(compiler, this.#cellPaths);
    this.#frames = new Frames(this.#client, this.#scripts);
    const shared = {
      client: this.#client,
      scripts: this.#scripts,
      frames: this.#frames,
      texts: this.#texts,
    };
    this.#breakpoints = new Breakpoints(
      this.#client,
      this.#scripts,
      this.#texts,
    );
    this.#stops = new Stops({
      ...shared,
      breakpoints: this.#breakpoints,
      publish: (event, body) => this.#publish(event, body),
      run: () => port.run(),
    });
    this.#inspection = new Inspection({
      ...shared,
      stops: this.#stops,
      compiler,
      run: () => port.run(),
    });
  }

  /** Answers a request. Never rejects: a failure is a response, too. */
  async answer(request: DebugRequest): Promise<JsonObject> {
    const { seq, command } = request;
    this.#messages += 1;
    const common = {
      ...{ type: "response", seq: this.#messages, request_seq: seq, command },
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
    switch (notice.is) {
      case "result":
      case "failure":
        this.#client.settle(notice);
        return;
      case "script":
        void this.#announced(notice.number, notice.script);
        return;
      case "printed":
        this.#publish("output", { category: "console", output: notice.text });
        return;
      case "event":
        this.#handleEvent(notice.method, notice.params);
    }
  }

  /** Starts anew with another runtime process, after the first one has ended. */
  lost(): void {
    this.#client.abandon();
    this.#scripts.clear();
    this.#frames.clear();
    this.#stops.reset();
    this.#inspection.reset();
    if (!this.#isAttached) return;
    // The new process gets the same breakpoints.
    this.#restoring = this.#enable().catch(() => undefined);
  }

  /**
   * Waits until a new runtime process has its breakpoints, and declares variables that were copied
   * to the cells. Called before a cell is compiled.
   */
  async beforeCell(): Promise<void> {
    await this.#restoring;
    await this.#inspection.declareCopies();
  }

  async #handle(command: string, parameters: JsonObject): Promise<unknown> {
    const always = Object.hasOwn(this.#always, command);
    const handler = always ? this.#always[command] : this.#started[command];
    if (
      handler === undefined ||
      !(always || Object.hasOwn(this.#started, command))
    ) {
      throw coded(
        "ERR_UNKNOWN_NAME",
        new Error(`Expected a command of the debugger, received "${command}".`),
      );
    }
    if (!always && !this.#isStarted) {
      throw coded(
        "ERR_INVALID_STATE",
        new Error(`Expected "initialize" first, received "${command}".`),
      );
    }
    return handler(parameters);
  }

  /** Requests that are answered even if debugging is off. */
  readonly #always: Readonly<Record<string, Handler>> = {
    debugInfo: () => ({
      isStarted: this.#isStarted,
      ...{ hashMethod: "Murmur2", hashSeed: HASH_SEED },
      tmpFilePrefix: this.#cellPaths.prefix,
      tmpFileSuffix: PATH_SUFFIX,
      breakpoints: this.#breakpoints.all(),
      stoppedThreads: this.#stops.pause ? [THREAD] : [],
      ...{ richRendering: true, copyToGlobals: true },
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
  };

  /** Requests that are answered after `initialize`. */
  readonly #started: Readonly<Record<string, Handler>> = {
    attach: () => this.#attach(),
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
      if (this.#isAttached) await this.#stops.applyFilters();
      return { breakpoints: [] };
    },
    threads: () => ({ threads: [{ id: THREAD, name: "Main thread" }] }),
    stackTrace: ({ startFrame, levels }) => {
      const all = this.#stops.pause?.frames ?? [];
      const first = Number(startFrame ?? 0);
      const last = levels ? first + Number(levels) : all.length;
      return {
        stackFrames: all
          .slice(first, last)
          .map((each) => this.#frames.shown(each)),
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
  };

  async #attach(): Promise<void> {
    if (!this.#isAttached) {
      this.#isAttached = true;
      await this.#enable();
      this.#publish("thread", { reason: "started", threadId: THREAD });
    }
    this.#publish("initialized", {});
  }

  /** Opens the inspector of the runtime, and sets what clients have set before. */
  async #enable(): Promise<void> {
    this.#client.attach();
    await this.#client.call("Debugger.enable");
    await this.#client.call("Debugger.setBlackboxPatterns", {
      patterns: SKIPPED,
    });
    // A process that is only starting cannot answer yet, and has run no script.
    const known = this.#client.ask<readonly KnownScript[]>("scripts");
    this.#scripts.addKnown(await known.catch(() => []));
    await this.#breakpoints.placeAll();
    await this.#stops.applyFilters();
  }

  async #disconnect(): Promise<void> {
    const wasAttached = this.#isAttached;
    this.#isStarted = false;
    this.#isAttached = false;
    this.#breakpoints.clear();
    if (wasAttached) {
      this.#stops.filters = new Set();
      await this.#stops.applyFilters();
      // Resumes code that is paused.
      await this.#client.call("Debugger.disable");
      this.#client.detach();
    }
    this.#stops.reset();
    this.#scripts.clear();
    this.#frames.clear();
    this.#publish("terminated", {});
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
    const first = Number(startModule ?? 0);
    const last = moduleCount ? first + Number(moduleCount) : modules.length;
    return {
      modules: modules.slice(first, last),
      totalModules: modules.length,
    };
  }

  /** Sets the breakpoints of a script that waits for them. */
  async #announced(number: number, script: AnnouncedScript): Promise<void> {
    try {
      for (const source of this.#scripts.addAnnounced(script)) {
        await this.#breakpoints.place(source);
      }
    } catch {
      // The compiler or the runtime has ended, which its own error reports.
    } finally {
      this.#client.run(number);
    }
  }

  #handleEvent(method: string, params: unknown): void {
    if (method === "Debugger.paused") {
      const event = params as Inspector.PausedEventDataType;
      // It fails only if the runtime ends meanwhile.
      this.#stops.paused(event).catch(() => undefined);
    } else if (method === "Debugger.resumed") {
      this.#stops.resumed();
    } else if (method === "Debugger.scriptParsed") {
      const script = params as ParsedScript;
      this.#scripts.addParsed(script);
      // Announced scripts have their breakpoints already.
      if (!this.#breakpoints.hasFiles || !script.url.startsWith("file:"))
        return;
      const source = this.#scripts.find(script.scriptId);
      if (source) this.#breakpoints.place(source).catch(() => undefined);
    }
  }

  #publish<Name extends keyof DebugEvents>(
    event: Name,
    body: DebugEvents[Name],
  ): void {
    this.#messages += 1;
    this.#port.publish({
      ...{ type: "event", seq: this.#messages, event, body },
    });
  }
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
}
