/**
 * The debugger's connection to one runtime process after another: opens its inspector when a client
 * attaches, closes it when the client disconnects, and handles what the runtime reports meanwhile.
 */
import type { Debugger as Inspector } from "node:inspector";
import { dirname } from "node:path";
import { pathToFileURL } from "node:url";
import type { Breakpoints } from "./breakpoints";
import type { AnnouncedScript, DebugNotice, KnownScript } from "./channel";
import type { Frames } from "./frames";
import type { InspectorClient } from "./inspector-client";
import type { Inspection } from "./inspection";
import { type DebugEvents, THREAD } from "./protocol";
import type { ParsedScript, Scripts } from "./scripts";
import type { Stops } from "./stops";

/** Scripts whose frames are skipped by steps: those of Node, of the kernel and of its helpers. */
const SKIPPED = [
  "^node:",
  `^${escaped(pathToFileURL(dirname(__dirname)).href)}/`,
  "/@cspotcode/source-map-support/",
  "/tslib/",
];

/** What a session depends on. */
interface SessionContext {
  readonly client: InspectorClient;
  readonly scripts: Scripts;
  readonly frames: Frames;
  readonly breakpoints: Breakpoints;
  readonly stops: Stops;
  readonly inspection: Inspection;
  /** Publishes an event to the clients. */
  publish<Name extends keyof DebugEvents>(
    event: Name,
    body: DebugEvents[Name],
  ): void;
}

/** The connection to the runtime. */
export class DebugSession {
  readonly #context: SessionContext;
  #isAttached = false;
  /** The preparation of a runtime process that has replaced another. */
  #restoring: Promise<void> | undefined;

  constructor(context: SessionContext) {
    this.#context = context;
  }

  /** Whether a client has attached. */
  get isAttached(): boolean {
    return this.#isAttached;
  }

  /** Waits until a runtime process that has replaced another has its breakpoints. */
  async restored(): Promise<void> {
    await this.#restoring;
  }

  /** Opens the inspector, unless a client has attached before. */
  async attach(): Promise<void> {
    const { publish } = this.#context;
    if (!this.#isAttached) {
      this.#isAttached = true;
      await this.#enable();
      publish("thread", { reason: "started", threadId: THREAD });
    }
    publish("initialized", {});
  }

  /** Removes all breakpoints, resumes paused code and closes the inspector. */
  async disconnect(): Promise<void> {
    const { client, breakpoints, stops, publish } = this.#context;
    const wasAttached = this.#isAttached;
    this.#isAttached = false;
    breakpoints.clear();
    if (wasAttached) {
      stops.filters = new Set();
      await stops.applyFilters();
      // Resumes code that is paused.
      await client.call("Debugger.disable");
      client.detach();
    }
    this.#forget();
    publish("terminated", {});
  }

  /** Continues with another runtime process, after the first one has ended. */
  lost(): void {
    this.#context.client.abandon();
    this.#forget();
    this.#context.inspection.reset();
    if (!this.#isAttached) return;
    // The new process gets the same breakpoints.
    this.#restoring = this.#enable().catch(() => undefined);
  }

  /** Handles a notice of the guard. */
  receive(notice: DebugNotice): void {
    const { client, publish } = this.#context;
    switch (notice.is) {
      case "result":
      case "failure":
        client.settle(notice);
        return;
      case "script":
        void this.#announced(notice.number, notice.script);
        return;
      case "printed":
        publish("output", { category: "console", output: notice.text });
        return;
      case "event":
        this.#handleEvent(notice.method, notice.params);
    }
  }

  /** Opens the inspector of the runtime, and sets what clients have set before. */
  async #enable(): Promise<void> {
    const { client, scripts, breakpoints, stops } = this.#context;
    client.attach();
    await client.call("Debugger.enable");
    await client.call("Debugger.setBlackboxPatterns", { patterns: SKIPPED });
    // A process that is only starting cannot answer yet, and has run no script.
    const known = client.ask<readonly KnownScript[]>("scripts");
    scripts.addKnown(await known.catch(() => []));
    await breakpoints.placeAll();
    await stops.applyFilters();
  }

  /** Forgets what belongs to a runtime process. */
  #forget(): void {
    const { scripts, frames, stops } = this.#context;
    scripts.clear();
    frames.clear();
    stops.reset();
  }

  /** Sets the breakpoints of a script that waits for them. */
  async #announced(number: number, script: AnnouncedScript): Promise<void> {
    const { client, scripts, breakpoints } = this.#context;
    try {
      for (const source of scripts.addAnnounced(script)) {
        await breakpoints.place(source);
      }
    } catch {
      // The compiler or the runtime has ended, which its own error reports.
    } finally {
      client.run(number);
    }
  }

  #handleEvent(method: string, params: unknown): void {
    const { scripts, breakpoints, stops } = this.#context;
    if (method === "Debugger.paused") {
      const event = params as Inspector.PausedEventDataType;
      // It fails only if the runtime ends meanwhile.
      stops.paused(event).catch(() => undefined);
    } else if (method === "Debugger.resumed") {
      stops.resumed();
    } else if (method === "Debugger.scriptParsed") {
      const script = params as ParsedScript;
      scripts.addParsed(script);
      // Announced scripts have their breakpoints already.
      if (!breakpoints.hasFiles || !script.url.startsWith("file:")) return;
      const source = scripts.find(script.scriptId);
      if (source) breakpoints.place(source).catch(() => undefined);
    }
  }
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
}
