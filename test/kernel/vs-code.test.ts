/**
 * Replays a session of VS Code's Jupyter extension without Jupyter: the requests that it sends over
 * TCP to the kernel that it starts, in its order and with its fields.
 *
 * The order and the fields are those of the extension's source (microsoft/vscode-jupyter, folders
 * `src/kernels/raw`, `execution` and `debugger`).
 */
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import {
  DebugClient,
  type Frame,
  type Variable,
} from "./debugger/debug-client";
import { KernelClient } from "./kernel-client";

describe("VS Code", () => {
  let kernel: KernelClient;
  before(async () => {
    kernel = await KernelClient.start({ transport: "tcp" });
  });
  after(() => kernel?.close());

  /** Sends a cell as VS Code does, with the metadata of the cell. */
  const cell = (code: string) =>
    kernel.start(code, {
      silent: false,
      stop_on_error: false,
      allow_stdin: true,
      store_history: true,
    });

  test("connects, and asks for widgets of an earlier window", async () => {
    const info = await kernel.request("kernel_info_request");
    assert.equal(info.content.status, "ok");
    const { content } = await kernel.request("comm_info_request", {
      target_name: "jupyter.widget",
    });
    assert.deepEqual(content, { status: "ok", comms: {} });
  });

  test("runs cells one after another, also after an error", async () => {
    assert.equal(
      (await cell("const width: number = 28; width").done).result,
      "28",
    );
    assert.equal(
      (await cell("width.length").done).error?.ename,
      "TypeScriptError",
    );
    assert.equal((await cell("width * width").done).result, "784");
  });

  test("completes and explains what is typed", async () => {
    const completion = await kernel.request("complete_request", {
      code: "width.toF",
      cursor_pos: 9,
    });
    assert.deepEqual(completion.content.matches, ["toFixed"]);
    const inspection = await kernel.request("inspect_request", {
      code: "width",
      cursor_pos: 5,
      detail_level: 0,
    });
    assert.equal(inspection.content.found, true);
  });

  test("runs code of its own silently, even if it is Python", async () => {
    const answer = await kernel.start(
      "import os\n_files = ['a']\nfor file in _files:\n    os.remove(file)",
      { silent: true, store_history: false, stop_on_error: false },
    ).done;
    assert.deepEqual(answer.outputs, []);
    assert.equal((await cell("width").done).result, "28");
  });

  test("interrupts on the shell channel", async () => {
    const endless = cell("console.log('begun'); while (true) {}");
    await endless.until(({ type }) => type === "stream");
    const { content } = await kernel.request("interrupt_request", {}, "shell");
    assert.deepEqual(content, { status: "ok" });
    assert.equal((await endless.done).error?.ename, "Interrupt");
    assert.equal((await cell("width").done).result, "28");
  });

  test("debugs a cell", async () => {
    const debug = new DebugClient(kernel);
    const code =
      "let sum = 0;\nfor (let i = 0; i < 3; i++) {\n  sum += i;\n}\nsum";
    await debug.ask("initialize", {
      clientID: "vscode",
      adapterID: "Python Kernel Debug Adapter",
      pathFormat: "path",
      linesStartAt1: true,
      columnsStartAt1: true,
      supportsVariableType: true,
    });
    assert.deepEqual(
      (await debug.ask<{ stoppedThreads: number[] }>("debugInfo"))
        .stoppedThreads,
      [],
    );
    await debug.ask("attach", { justMyCode: true });
    await debug.event("initialized");
    const { sourcePath } = await debug.ask<{ sourcePath: string }>("dumpCell", {
      code,
    });
    const [breakpoint] = await debug.breakAt(sourcePath, 3);
    assert.equal(breakpoint?.verified, true);
    await debug.ask("setExceptionBreakpoints", { filters: [] });
    await debug.ask("configurationDone");

    const running = cell(code);
    const { reason, threadId } = await debug.event("stopped");
    assert.equal(reason, "breakpoint");
    const { threads } = await debug.ask<{ threads: { id: number }[] }>(
      "threads",
    );
    assert.deepEqual(
      threads.map(({ id }) => id),
      [threadId],
    );
    const { stackFrames } = await debug.ask<{ stackFrames: Frame[] }>(
      "stackTrace",
      { threadId, startFrame: 0, levels: 20 },
    );
    assert.equal(stackFrames[0]?.line, 3);
    assert.equal(stackFrames[0]?.source.path, sourcePath);
    const { scopes } = await debug.ask<{
      scopes: { name: string; variablesReference: number }[];
    }>("scopes", { frameId: stackFrames[0]?.id });
    const variables: Variable[] = [];
    for (const { variablesReference } of scopes) {
      const body = await debug.ask<{ variables: Variable[] }>("variables", {
        variablesReference,
      });
      variables.push(...body.variables);
    }
    assert.equal(variables.find(({ name }) => name === "i")?.value, "0");
    const { result } = await debug.ask<{ result: string }>("evaluate", {
      expression: "sum + 1",
      frameId: stackFrames[0]?.id,
      context: "hover",
    });
    assert.equal(result, "1");

    await debug.breakAt(sourcePath);
    await debug.ask("continue", { threadId });
    assert.equal((await running.done).result, "3");
    await debug.ask("disconnect", { restart: false });
  });

  test("ends the process, without a request", async () => {
    kernel.front.kill("SIGTERM");
    assert.equal((await kernel.ended).code, 0);
  });
});
