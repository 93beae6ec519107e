/**
 * Tests requests of VS Code, Notebook 7 and older clients, and requests that the specification does
 * not define: each is answered, or ignored between busy and idle, and the kernel keeps running.
 */
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import type { JsonObject } from "../../kernel/wire/message";
import { KernelClient } from "./kernel-client";

describe("a client", () => {
  let kernel: KernelClient;
  before(async () => {
    kernel = await KernelClient.start();
    await kernel.run(
      "/** How often. */ const epochs = 12; const epochNames = ['a'];",
    );
  });
  after(() => kernel?.close());

  /** Runs a cell and returns its execution count. Cells that are not stored do not change it. */
  const count = async () =>
    Number((await kernel.run("")).content.execution_count);

  test("gets the same kernel_info on both channels", async () => {
    const shell = await kernel.request("kernel_info_request", {}, "shell");
    const control = await kernel.request("kernel_info_request", {}, "control");
    assert.equal(shell.content.status, "ok");
    assert.deepEqual(control.content, shell.content);
  });

  test("runs silent code that is not stored", async () => {
    const before = await count();
    const answer = await kernel.run(
      "console.log('hidden'); var seen = 1; seen",
      {
        silent: true,
        store_history: false,
        allow_stdin: false,
        stop_on_error: false,
      },
    );
    assert.deepEqual(answer.outputs, []);
    assert.equal(await count(), before + 1);
    assert.equal((await kernel.run("seen")).result, "1");
  });

  test("requests silent and store_history, of which silent takes precedence", async () => {
    const before = await count();
    await kernel.run("'stored?'", { silent: true, store_history: true });
    assert.equal(await count(), before + 1);
    const { content } = await kernel.request("history_request", {
      hist_access_type: "tail",
      n: 1,
      output: false,
      raw: true,
    });
    assert.ok(!JSON.stringify(content.history).includes("stored?"));
  });

  test("runs a cell that is shown but not stored", async () => {
    const before = await count();
    const answer = await kernel.run("6 * 7", { store_history: false });
    assert.equal(answer.result, "42");
    assert.equal(await count(), before + 1);
  });

  test("sends only the code of a cell", async () => {
    const answer = await kernel.request("execute_request", { code: "6 * 7" });
    assert.equal(answer.content.status, "ok");
    assert.deepEqual(answer.content.user_expressions, {});
    assert.equal(answer.result, "42");
  });

  test("sends null as user_expressions", async () => {
    const { content, result } = await kernel.execute("6 * 7", {
      user_expressions: null as unknown as JsonObject,
    });
    assert.equal(content.status, "ok");
    assert.equal(result, "42");
  });

  for (const user_expressions of [[], "epochs", { n: null, m: 3 }]) {
    test(`learns that user_expressions cannot be ${JSON.stringify(user_expressions)}`, async () => {
      const { content } = await kernel.execute("6 * 7", {
        user_expressions: user_expressions,
      });
      assert.equal(content.status, "error");
      assert.match(String(content.evalue), /"user_expressions/);
      assert.equal((await kernel.run("6 * 7")).result, "42");
    });
  }

  test("sends metadata and unknown fields with the code", async () => {
    const answer = await kernel.execute("6 * 7", {
      cellId: "vscode-notebook-cell:/a.ipynb#W0",
      deletedCells: [],
      recordTiming: true,
    });
    assert.equal(answer.result, "42");
  });

  test("completes without a cursor or with one out of range", async () => {
    for (const cursor_pos of [undefined, null, -5, 5_000]) {
      const { content } = await kernel.request("complete_request", {
        code: "epochNa",
        ...(cursor_pos === undefined ? {} : { cursor_pos }),
      });
      assert.equal(content.status, "ok", String(cursor_pos));
      assert.ok(Array.isArray(content.matches), String(cursor_pos));
      const { cursor_start, cursor_end } = content;
      assert.ok(
        Number(cursor_start) >= 0 &&
          Number(cursor_start) <= Number(cursor_end) &&
          Number(cursor_end) <= 7,
        `${String(cursor_pos)}: from ${cursor_start} to ${cursor_end}`,
      );
    }
    const { content } = await kernel.request("complete_request", {
      code: "epochNa",
    });
    assert.deepEqual(content.matches, ["epochNames"]);
  });

  test("inspects with and without a detail level", async () => {
    for (const detail_level of [undefined, null, 0, 1]) {
      const { content } = await kernel.request("inspect_request", {
        code: "epochs",
        cursor_pos: 3,
        ...(detail_level === undefined ? {} : { detail_level }),
      });
      assert.equal(content.found, true, String(detail_level));
      assert.match(JSON.stringify(content.data), /How often\./);
    }
  });

  test("requests completeness of an empty or missing text", async () => {
    for (const code of ["", null, undefined]) {
      const { content } = await kernel.request("is_complete_request", {
        ...(code === undefined ? {} : { code }),
      });
      assert.match(
        String(content.status),
        /^(complete|incomplete|invalid|unknown)$/,
        String(code),
      );
    }
  });

  test("gets a list for incomplete history requests", async () => {
    for (const request of [
      {},
      { hist_access_type: "tail" },
      { hist_access_type: "tail", n: null },
      { hist_access_type: "tail", n: -1 },
      { hist_access_type: "range" },
      { hist_access_type: "range", session: 99, start: 5, stop: 1 },
      { hist_access_type: "search" },
      { hist_access_type: "search", pattern: "[", n: 1 },
    ]) {
      const { content } = await kernel.request("history_request", {
        output: false,
        raw: true,
        ...request,
      });
      assert.equal(content.status, "ok", JSON.stringify(request));
      assert.ok(Array.isArray(content.history), JSON.stringify(request));
    }
  });

  test("learns which field of a request breaks its rule", async () => {
    for (const [type, content, field] of [
      ["complete_request", { code: "epochNa", cursor_pos: 7.5 }, "cursor_pos"],
      ["complete_request", { code: "epochNa", cursor_pos: "x" }, "cursor_pos"],
      ["inspect_request", { code: "epochs", detail_level: 7 }, "detail_level"],
      ["is_complete_request", { code: 3 }, "code"],
      [
        "history_request",
        { hist_access_type: "unheard-of", n: 3 },
        "hist_access_type",
      ],
    ] as const) {
      const answer = await kernel.request(type, content);
      assert.equal(answer.content.status, "error", type);
      const message = String(answer.content.evalue);
      assert.match(message, new RegExp(`Expected "${field}" of ${type}`));
    }
  });

  test("requests comms by target, without target and with null", async () => {
    for (const content of [
      { target_name: "jupyter.widget" },
      { target_name: null },
      {},
    ] as JsonObject[]) {
      const answer = await kernel.request("comm_info_request", content);
      assert.deepEqual(answer.content, { status: "ok", comms: {} });
    }
  });

  test("interrupts an idle kernel", async () => {
    assert.equal((await kernel.interrupt()).content.status, "ok");
    assert.equal((await kernel.run("6 * 7")).result, "42");
  });

  test("asks whether the debugger is on, before a user does anything", async () => {
    const { content } = await kernel.request("kernel_info_request");
    assert.equal(content.debugger, true);
    assert.deepEqual(content.supported_features, [
      "debugger",
      "kernel subshells",
    ]);
    const { content: info } = await kernel.request(
      "debug_request",
      { type: "request", seq: 0, command: "debugInfo" },
      "control",
    );
    assert.equal(info.success, true);
    assert.equal((info.body as { isStarted?: boolean }).isStarted, false);
  });

  test("sends unknown message types on both channels, even while a cell runs", async () => {
    const cell = kernel.start("await new Promise(() => {})");
    await cell.until(({ type }) => type === "execute_input");
    for (const type of [
      "create_subshell_request",
      "usage_request",
      "connect_request",
      "toString",
    ]) {
      for (const channel of ["shell", "control"] as const) {
        const { done } = kernel.send(type, {}, channel, { replies: false });
        await done;
      }
    }
    await kernel.interrupt();
    const answer = await cell.done;
    assert.equal(answer.error?.ename, "Interrupt");
    assert.equal((await kernel.run("epochs")).result, "12");
  });
});
