/**
 * Keeps the breakpoints that clients want, and sets them in the scripts of the runtime.
 *
 * A cell is a new script each time it runs, and so is an edited file. Breakpoints therefore belong
 * to a text, and are set in each script of this text before it runs.
 */
import type { Debugger } from "node:inspector";
import type { TextPosition } from "../compiler/debug-syntax";
import {
  conditionText,
  expressionOf,
  isHitCondition,
  messageParts,
} from "./expressions";
import type { InspectorClient } from "./inspector-client";
import type { Breakpoint, SourceBreakpoint } from "./protocol";
import type { Scripts, ScriptSource } from "./scripts";
import { stopsOnLine, type Texts } from "./texts";

/** A breakpoint with the line that the client asked for, and its condition. */
interface WantedBreakpoint {
  readonly breakpoint: Breakpoint;
  readonly line: number;
  readonly condition: string | undefined;
}

/** What was set in one script: breakpoints by the inspector's id. */
interface PlacedBreakpoints {
  readonly script: ScriptSource;
  readonly ids: Map<string, number>;
}

/** The breakpoints of one debugger. */
export class Breakpoints {
  readonly #client: InspectorClient;
  readonly #scripts: Scripts;
  readonly #texts: Texts;
  readonly #wanted = new Map<string, readonly WantedBreakpoint[]>();
  /** What was set, by the URL of the script. */
  readonly #placed = new Map<string, PlacedBreakpoints>();
  #last = 0;
  #changes: Promise<unknown> = Promise.resolve();

  constructor(client: InspectorClient, scripts: Scripts, texts: Texts) {
    this.#client = client;
    this.#scripts = scripts;
    this.#texts = texts;
  }

  /** Whether there are breakpoints in files. */
  get hasFiles(): boolean {
    return [...this.#wanted].some(
      ([path, list]) => list.length > 0 && !this.#texts.isCell(path),
    );
  }

  /** Returns all breakpoints by path. */
  all(): readonly { source: string; breakpoints: readonly Breakpoint[] }[] {
    return Array.from(this.#wanted, ([source, list]) => ({
      source,
      breakpoints: list.map(({ breakpoint }) => breakpoint),
    })).filter(({ breakpoints }) => breakpoints.length > 0);
  }

  /** Replaces the breakpoints of a text. Returns them in the order of the request. */
  replace(
    path: string,
    list: readonly SourceBreakpoint[],
  ): Promise<readonly Breakpoint[]> {
    return this.#inTurn(async () => {
      const wanted = await Promise.all(
        list.map((each) => this.#resolve(path, each)),
      );
      for (const { script } of [...this.#placed.values()]) {
        if (script.path === path) await this.#remove(script.url);
      }
      this.#wanted.set(path, wanted);
      for (const script of this.#scriptsOf(path)) await this.#place(script);
      return wanted.map(({ breakpoint }) => breakpoint);
    });
  }

  /** Sets the breakpoints of a script's text in it. */
  place(script: ScriptSource): Promise<void> {
    return this.#inTurn(() => this.#place(script));
  }

  /** Sets all breakpoints, in a runtime that has none. */
  placeAll(): Promise<void> {
    return this.#inTurn(async () => {
      this.#placed.clear();
      for (const path of this.#wanted.keys()) {
        for (const script of this.#scriptsOf(path)) await this.#place(script);
      }
    });
  }

  /** Forgets all breakpoints. The inspector removes them with its session. */
  clear(): void {
    this.#wanted.clear();
    this.#placed.clear();
  }

  /** Returns the breakpoints to which ids of the inspector belong. */
  hit(ids: readonly string[]): readonly number[] {
    const found = new Set<number>();
    for (const placed of this.#placed.values()) {
      for (const id of ids) {
        const breakpoint = placed.ids.get(id);
        if (breakpoint !== undefined) found.add(breakpoint);
      }
    }
    return [...found];
  }

  /** Runs changes one after the other, so that none is lost. */
  #inTurn<Value>(change: () => Promise<Value>): Promise<Value> {
    const changed = this.#changes.then(change);
    this.#changes = changed.catch(() => undefined);
    return changed;
  }

  #scriptsOf(path: string): readonly ScriptSource[] {
    const known = this.#scripts.of(path);
    if (known.length > 0 || this.#texts.isCell(path)) return known;
    // A JavaScript file that is loaded later.
    return /\.[cm]?js$/.test(path) ? [this.#scripts.addPlain(path)] : [];
  }

  /** Finds the code of a breakpoint's line, and its condition. */
  async #resolve(
    path: string,
    wanted: SourceBreakpoint,
  ): Promise<WantedBreakpoint> {
    this.#last += 1;
    const common = { id: this.#last, source: { path } };
    const failed = (message: string): WantedBreakpoint => ({
      breakpoint: { ...common, verified: false, line: wanted.line, message },
      line: wanted.line,
      condition: undefined,
    });
    const syntax = await this.#texts.syntax(path);
    if (syntax === undefined) {
      return failed(`Expected a cell or a file, received ${path}.`);
    }
    const [first] = stopsOnLine(syntax, wanted.line);
    if (first === undefined) return failed("No code is there.");
    try {
      const condition = await this.#condition(this.#last, path, wanted, first);
      const breakpoint = { ...common, verified: true, line: first.line };
      return { breakpoint, line: first.line, condition };
    } catch (error) {
      return failed((error as Error).message);
    }
  }

  async #condition(
    id: number,
    path: string,
    { condition, hitCondition, logMessage }: SourceBreakpoint,
    place: TextPosition,
  ): Promise<string | undefined> {
    if (hitCondition && !isHitCondition(hitCondition)) {
      return Promise.reject(
        this.#texts.invalid("a hit condition such as 3 or >= 3", hitCondition),
      );
    }
    const message = logMessage
      ? await Promise.all(
          messageParts(logMessage).map((part) =>
            "text" in part
              ? Promise.resolve(JSON.stringify(part.text))
              : this.#expression(part.expression),
          ),
        )
      : undefined;
    if (!condition && !hitCondition && !message) return undefined;
    return conditionText({
      id,
      condition: condition ? await this.#expression(condition) : undefined,
      hitCondition,
      message: message && `[${message.join(", ")}]`,
      locals: this.#texts.isCell(path)
        ? await this.#texts.locals(path, place)
        : undefined,
    });
  }

  /** Returns an expression as JavaScript. */
  async #expression(code: string): Promise<string> {
    const known = expressionOf(code);
    if (known !== undefined) return known;
    const written = await this.#texts.javascript(`(${code}\n)`);
    const converted = expressionOf(written);
    if (converted === undefined) {
      throw this.#texts.invalid("an expression", code);
    }
    return converted;
  }

  async #remove(url: string): Promise<void> {
    const placed = this.#placed.get(url);
    this.#placed.delete(url);
    for (const breakpointId of placed?.ids.keys() ?? []) {
      await this.#client
        .call("Debugger.removeBreakpoint", { breakpointId })
        .catch(() => undefined);
    }
  }

  async #place(script: ScriptSource): Promise<void> {
    const wanted = (this.#wanted.get(script.path) ?? []).filter(
      ({ breakpoint }) => breakpoint.verified,
    );
    if (wanted.length === 0) return;
    // An edited file has the same URL, but other positions.
    if (this.#placed.get(script.url)?.script === script) return;
    await this.#remove(script.url);
    const ids = new Map<string, number>();
    this.#placed.set(script.url, { script, ids });
    const syntax = await this.#texts.syntax(script.path);
    if (syntax === undefined) return;
    for (const { breakpoint, line, condition } of wanted) {
      for (const place of stopsOnLine(syntax, line)) {
        const position = script.generated(place);
        if (position === undefined) continue;
        const id = await this.#setAt(script.url, position, condition);
        if (id !== undefined) ids.set(id, breakpoint.id);
      }
    }
  }

  /** Sets a breakpoint. Returns the inspector's id; undefined if there is one already. */
  async #setAt(
    url: string,
    position: object,
    condition: string | undefined,
  ): Promise<string | undefined> {
    try {
      const { breakpointId } =
        await this.#client.call<Debugger.SetBreakpointByUrlReturnType>(
          "Debugger.setBreakpointByUrl",
          {
            url,
            ...position,
            ...(condition === undefined ? {} : { condition }),
          },
        );
      return breakpointId;
    } catch {
      return undefined;
    }
  }
}
