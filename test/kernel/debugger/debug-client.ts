/**
 * A debugger's client for tests: sends debug requests as JupyterLab does, and waits for events.
 */
import assert from "node:assert/strict";
import type { JsonObject } from "../../../kernel/wire/message";
import type { KernelClient } from "../kernel-client";

/** A variable as the debugger lists it. */
export interface Variable {
  readonly name: string;
  readonly value: string;
  readonly type: string;
  readonly variablesReference: number;
  readonly indexedVariables?: number;
}

/** A frame as the debugger lists it. */
export interface Frame {
  readonly id: number;
  readonly name: string;
  readonly line: number;
  readonly column: number;
  readonly source: { readonly path: string; readonly name: string };
}

/** A breakpoint to set. */
interface Wanted {
  readonly line: number;
  readonly condition?: string;
  readonly hitCondition?: string;
  readonly logMessage?: string;
}

/** A breakpoint as it was set. */
interface SetBreakpoint {
  readonly id: number;
  readonly verified: boolean;
  readonly line: number;
  readonly message?: string;
}

/** The debugger of one kernel. */
export class DebugClient {
  readonly kernel: KernelClient;
  #seq = 0;
  /** The number of iopub messages in which events have been looked for. */
  #seen = 0;

  constructor(kernel: KernelClient) {
    this.kernel = kernel;
  }

  /** Sends a request. Returns the content of its reply. */
  async request(command: string, parameters = {}): Promise<JsonObject> {
    this.#seq += 1;
    const { content } = await this.kernel.request(
      "debug_request",
      {
        ...{ type: "request", seq: this.#seq, command },
        arguments: parameters,
      },
      "control",
    );
    assert.equal(content.command, command);
    assert.equal(content.request_seq, this.#seq);
    return content;
  }

  /** Sends a request that succeeds. Returns the body of the response. */
  async ask<Body = JsonObject>(
    command: string,
    parameters = {},
  ): Promise<Body> {
    const { success, message, body } = await this.request(command, parameters);
    assert.equal(success, true, `${command}: ${String(message)}`);
    return body as Body;
  }

  /** Sends a request that fails. Returns the message. */
  async fail(command: string, parameters = {}): Promise<string> {
    const { success, message } = await this.request(command, parameters);
    assert.equal(success, false, `${command} fails`);
    return String(message);
  }

  /** Begins debugging. */
  async attach(): Promise<void> {
    await this.ask("initialize", { clientID: "test" });
    await this.ask("attach");
    await this.event("initialized");
  }

  /** Sets the breakpoints of a cell. Returns them with the cell's path. */
  async breakIn(
    code: string,
    ...wanted: (number | Wanted)[]
  ): Promise<{ path: string; breakpoints: readonly SetBreakpoint[] }> {
    const { sourcePath } = await this.ask<{ sourcePath: string }>("dumpCell", {
      code,
    });
    const breakpoints = await this.breakAt(sourcePath, ...wanted);
    return { path: sourcePath, breakpoints };
  }

  /** Sets the breakpoints of a file. */
  async breakAt(
    path: string,
    ...wanted: (number | Wanted)[]
  ): Promise<readonly SetBreakpoint[]> {
    const body = await this.ask<{ breakpoints: SetBreakpoint[] }>(
      "setBreakpoints",
      {
        source: { path },
        breakpoints: wanted.map((each) =>
          typeof each === "number" ? { line: each } : each,
        ),
        sourceModified: false,
      },
    );
    return body.breakpoints;
  }

  /** Waits for the next event of this name. Returns its body. */
  async event(name: string): Promise<JsonObject> {
    const found = await this.kernel.until(
      () => {
        const index = this.kernel.iopub.findIndex(
          ({ type, content }, at) =>
            at >= this.#seen &&
            type === "debug_event" &&
            content.event === name,
        );
        return index < 0 ? undefined : index;
      },
      () => `the event ${name}; the kernel printed ${this.kernel.log}`,
    );
    this.#seen = found + 1;
    return this.kernel.iopub[found]!.content.body as JsonObject;
  }

  /** Returns the names of all events so far. */
  get events(): readonly unknown[] {
    return this.kernel.iopub
      .filter(({ type }) => type === "debug_event")
      .map(({ content }) => content.event);
  }

  /** Waits for the next stop, for this reason. Returns the frames. */
  async stopped(reason: string): Promise<readonly Frame[]> {
    const body = await this.event("stopped");
    assert.equal(body.reason, reason, JSON.stringify(body));
    return this.frames();
  }

  async frames(): Promise<readonly Frame[]> {
    const body = await this.ask<{ stackFrames: Frame[] }>("stackTrace", {
      threadId: 1,
    });
    return body.stackFrames;
  }

  /** Continues execution. */
  async resume(): Promise<void> {
    await this.ask("continue", { threadId: 1 });
  }

  /** Returns the members of a value. */
  async variables(
    variablesReference: number,
    part = {},
  ): Promise<readonly Variable[]> {
    const body = await this.ask<{ variables: Variable[] }>("variables", {
      variablesReference,
      ...part,
    });
    return body.variables;
  }

  /** Returns the variables of a frame's scope as texts by name. */
  async scope(
    frame: Frame,
    wanted: string,
  ): Promise<Readonly<Record<string, string>>> {
    const { scopes } = await this.ask<{
      scopes: { name: string; variablesReference: number }[];
    }>("scopes", { frameId: frame.id });
    const found = scopes.find(({ name }) => name === wanted);
    assert.ok(found, `no scope ${wanted} in ${JSON.stringify(scopes)}`);
    const rows = await this.variables(found.variablesReference);
    return Object.fromEntries(rows.map(({ name, value }) => [name, value]));
  }

  /** Returns the text of an expression's value in a frame, or outside. */
  async evaluate(expression: string, frame?: Frame): Promise<string> {
    const { result } = await this.ask("evaluate", {
      expression,
      ...(frame ? { frameId: frame.id } : {}),
      context: "repl",
    });
    return String(result);
  }
}
