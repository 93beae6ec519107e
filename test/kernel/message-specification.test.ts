/**
 * Holds every message of kernel sessions to the declarations of the protocol in `kernel/wire/`, as
 * ipykernel's `test_message_spec.py` does, and tests how requests are checked.
 */
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { type JsonObject, Message } from "../../kernel/wire/message";
import {
  checkHeader,
  checkPublished,
  checkQuestion,
  published,
} from "../../kernel/wire/published";
import { checkReply, isReplied, replies } from "../../kernel/wire/replies";
import type { requests } from "../../kernel/wire/requests";
import { isRequestType, readRequest } from "../../kernel/wire/requests";
import { InvalidContent } from "../../kernel/wire/rules";
import { errorWith } from "../error-with";
import { KernelClient } from "./kernel-client";

/** Asserts that a kernel has sent only messages as they are declared. */
function checkAll(kernel: KernelClient): void {
  for (const message of [
    ...kernel.iopub,
    ...kernel.replies,
    ...kernel.questions,
  ]) {
    checkHeader(message.header);
  }
  for (const { type, content } of kernel.iopub) checkPublished(type, content);
  for (const { content } of kernel.questions) checkQuestion(content);
  for (const reply of kernel.replies) {
    const type = String(reply.parentHeader.msg_type);
    assert.equal(reply.type, type.replace("_request", "_reply"));
    if (!isReplied(type)) assert.fail(`${type} has a reply.`);
    checkReply(type, reply.content);
  }
}

/** Returns the messages of a type on iopub. */
function ofType(kernel: KernelClient, type: string): Message[] {
  return kernel.iopub.filter((message) => message.type === type);
}

describe("each message of a session is as the protocol declares it", () => {
  let kernel: KernelClient;
  before(async () => {
    kernel = await KernelClient.start();
  });
  after(() => kernel?.close());

  test("executions that succeed", async () => {
    await kernel.run(
      "console.log('out'); console.error('err'); const six = 6;",
    );
    await kernel.run("six * 7", {
      user_expressions: { double: "six * 2", wrong: "six.nothing", empty: "" },
    });
    await kernel.run("1", { silent: true });
    await kernel.run("1", { store_history: false });
    await kernel.run("six?");
    await kernel.run("missing?");
    await kernel.run("");
    checkAll(kernel);
    const expected = ["status", "stream", "execute_input", "execute_result"];
    for (const type of expected) {
      assert.notEqual(ofType(kernel, type).length, 0, type);
    }
  });

  test("executions that fail, and those behind them", async () => {
    const [thrown, mistyped, unparsed, aborted] = await kernel.whileCompiling(
      () => [
        kernel.start('throw new RangeError("too far")', {
          stop_on_error: false,
        }),
        kernel.start("six.nothing", { stop_on_error: false }),
        kernel.start("six +"),
        kernel.start("six"),
      ],
    );
    assert.equal((await thrown.done).content.ename, "RangeError");
    assert.equal((await mistyped.done).content.status, "error");
    assert.equal((await unparsed.done).content.status, "error");
    assert.equal((await aborted.done).content.status, "aborted");
    checkAll(kernel);
    assert.equal(ofType(kernel, "error").length, 3);
  });

  test("an interrupted cell", async () => {
    const cell = kernel.start("console.log('begun'); while (true) {}");
    await cell.until(({ type }) => type === "stream");
    assert.equal((await kernel.interrupt()).content.status, "ok");
    assert.equal((await cell.done).content.status, "error");
    checkAll(kernel);
  });

  test("displays and cleared output", async () => {
    await kernel.run(`
      const host = (globalThis as any)[Symbol.for("convnotes.notebook")];
      host.display({ "text/html": "<b>1</b>", "text/plain": "1" });
      host.display({ "text/plain": "2" }, { displayId: "d" });
      host.display({ "application/json": { a: [1] } }, { displayId: "d", update: true });
      host.clear(true);
    `);
    await kernel.settle();
    checkAll(kernel);
    assert.equal(ofType(kernel, "display_data").length, 2);
    const [update] = ofType(kernel, "update_display_data");
    assert.deepEqual(update?.content.transient, { display_id: "d" });
    assert.deepEqual(ofType(kernel, "clear_output")[0]?.content, {
      wait: true,
    });
  });

  test("completion, inspection and completeness", async () => {
    const complete = { code: "six.toF", cursor_pos: 7 };
    const { content } = await kernel.request("complete_request", complete);
    assert.deepEqual(content.matches, ["toFixed"]);
    await kernel.request("complete_request", { code: "nothing_like_it" });
    for (const detail_level of [0, 1]) {
      const inspect = { code: "six", cursor_pos: 1, detail_level };
      const { content } = await kernel.request("inspect_request", inspect);
      assert.equal(content.found, true);
    }
    const nothing = { code: "  ", cursor_pos: 1 };
    const { content: none } = await kernel.request("inspect_request", nothing);
    assert.equal(none.found, false);
    for (const [code, status] of [
      ["1 + 1", "complete"],
      ["if (six) {", "incomplete"],
      ["six six six", "invalid"],
    ] as const) {
      const { content } = await kernel.request("is_complete_request", { code });
      assert.equal(content.status, status);
    }
    checkAll(kernel);
  });

  test("the history", async () => {
    for (const query of [
      { hist_access_type: "tail", n: 3, output: false, raw: true },
      { hist_access_type: "tail", n: 3, output: true, raw: true },
      { hist_access_type: "range", session: 0, start: 1, stop: 3 },
      { hist_access_type: "search", pattern: "six*", unique: true },
    ]) {
      const { content } = await kernel.request("history_request", query);
      assert.notEqual((content.history as unknown[]).length, 0);
    }
    checkAll(kernel);
  });

  test("comms from both ends", async () => {
    await kernel.run(`
      const comm = host.openComm("page", { first: 1 });
      comm.send({ second: 2 });
      host.registerCommTarget("cell", (opened: any) => opened.send({ third: 3 }));
    `);
    const tell = (type: string, content: JsonObject) =>
      kernel.send(type, content, "shell", { replies: false }).done;
    const [opened] = ofType(kernel, "comm_open");
    const id = opened?.content.comm_id;
    await tell("comm_open", { comm_id: "c", target_name: "cell", data: {} });
    await tell("comm_msg", { comm_id: id, data: {} });
    await tell("comm_open", { comm_id: "u", target_name: "unknown", data: {} });
    await kernel.run("comm.close()");
    const { content } = await kernel.request("comm_info_request", {});
    assert.deepEqual(content.comms, { c: { target_name: "cell" } });
    checkAll(kernel);
    assert.equal(ofType(kernel, "comm_msg").length, 2);
    assert.equal(ofType(kernel, "comm_close").length, 2);
  });

  test("a question", async () => {
    const cell = kernel.start('prompt("Name?")', { allow_stdin: true });
    await kernel.answer("Grace");
    assert.equal((await cell.done).result, "'Grace'");
    checkAll(kernel);
  });

  test("refused requests", async () => {
    const { content } = await kernel.request("complete_request", {
      code: "a",
      cursor_pos: "x",
    });
    assert.equal(content.ename, "InvalidContent");
    assert.equal(
      content.evalue,
      'Expected "cursor_pos" of complete_request to be an integer, received "x".',
    );
    const before = (await kernel.run("six")).content.execution_count;
    const refused = await kernel.execute("six", { silent: "no" });
    assert.equal(refused.content.status, "error");
    assert.equal(refused.content.execution_count, before);
    assert.match(refused.error?.traceback ?? "", /"silent".*true or false/);
    await kernel.send("comm_msg", { data: {} }, "shell", { replies: false })
      .done;
    assert.match(kernel.log, /Expected "comm_id" of comm_msg to be a string/);
    checkAll(kernel);
  });

  test("an answer of the wrong type fails the question of the cell", async () => {
    const cell = kernel.start('prompt("Name?")', { allow_stdin: true });
    const asked = kernel.questions.length;
    await kernel.until(() => kernel.questions[asked]);
    const reply = Message.create("input_reply", { value: 7 }, kernel.session);
    reply.identities.length = 0;
    await kernel.sendFrames("stdin", reply.encode(kernel.signer));
    const { content } = await cell.done;
    assert.match(String(content.evalue), /"value" of input_reply/);
    checkAll(kernel);
  });

  test("requests of a debugger, and its events", async () => {
    for (const command of ["debugInfo", "initialize", "attach", "nonsense"]) {
      const request = { type: "request", seq: 1, command };
      await kernel.request("debug_request", request, "control");
    }
    const events = ofType(kernel, "debug_event");
    assert.deepEqual(
      events.map(({ content }) => content.event),
      ["thread", "initialized"],
    );
    checkAll(kernel);
  });

  test("requests for subshells, and cells in them", async () => {
    const control = async (type: string, content: JsonObject = {}) =>
      (await kernel.request(type, content, "control")).content;
    const { subshell_id } = await control("create_subshell_request");
    await kernel.start("1", {}, String(subshell_id)).done;
    await control("list_subshell_request");
    await control("delete_subshell_request", { subshell_id });
    const again = await control("delete_subshell_request", { subshell_id });
    assert.equal(again.status, "error");
    assert.match(
      String((await control("delete_subshell_request")).evalue),
      /subshell_id/,
    );
    checkAll(kernel);
  });

  test("kernel_info and shutdown, after which every declared type has been seen", async () => {
    await kernel.request("kernel_info_request");
    const { content } = await kernel.shutdown(true);
    assert.deepEqual(content, { status: "ok", restart: true });
    await kernel.until(() => ofType(kernel, "shutdown_reply")[0]);
    checkAll(kernel);
    const seen = new Set(kernel.iopub.map(({ type }) => type));
    assert.deepEqual([...seen].sort(), Object.keys(published).sort());
    const answered = new Set(
      kernel.replies.map(({ parentHeader }) => parentHeader.msg_type),
    );
    assert.deepEqual([...answered].sort(), Object.keys(replies).sort());
  });
});

describe("a request", () => {
  function read(type: string, content: JsonObject) {
    if (!isRequestType(type)) throw new Error(`${type} is not declared.`);
    return readRequest(Message.create(type, content, "session"), type);
  }

  test("gets the defaults of what it lacks, also of required fields that clients forget", () => {
    const code = { code: "" };
    const history = {
      ...{ output: false, raw: true, hist_access_type: "tail" },
      ...{ session: 0, start: 0, pattern: "*", unique: false },
    };
    const comm = { comm_id: "c", data: {} };
    const defaults: Record<keyof typeof requests, JsonObject> = {
      execute_request: {
        ...{ code: "", silent: false, store_history: true },
        ...{ user_expressions: {}, allow_stdin: true, stop_on_error: true },
      },
      inspect_request: { ...code, detail_level: 0 },
      complete_request: code,
      history_request: history,
      is_complete_request: code,
      comm_info_request: {},
      kernel_info_request: {},
      shutdown_request: { restart: false },
      interrupt_request: {},
      create_subshell_request: {},
      delete_subshell_request: { subshell_id: "s" },
      list_subshell_request: {},
      comm_open: { ...comm, target_name: "" },
      comm_msg: comm,
      comm_close: comm,
      input_reply: { value: "" },
      debug_request: {
        ...{ type: "request", seq: 0, command: "", arguments: {} },
      },
    };
    for (const [type, expected] of Object.entries(defaults)) {
      const least = type.startsWith("comm_")
        ? { comm_id: "c" }
        : type === "delete_subshell_request"
          ? { subshell_id: "s" }
          : {};
      assert.deepEqual(read(type, least).content, expected, type);
      // Some clients write null for what they leave out.
      const nulls = Object.keys(expected).map((name) => [name, null]);
      const content = { ...Object.fromEntries(nulls), ...least, other: 1 };
      if (type === "comm_info_request") delete content.comm_id;
      assert.deepEqual(read(type, content).content, expected, type);
    }
  });

  for (const [type, content, field, rule, received] of [
    ["execute_request", { code: ["1"] }, "code", "a string", '["1"]'],
    [
      "execute_request",
      { code: "1", user_expressions: { n: 1 } },
      "user_expressions.n",
      "a string",
      "1",
    ],
    [
      "execute_request",
      { code: "1", user_expressions: [] },
      "user_expressions",
      "an object",
      "[]",
    ],
    [
      "inspect_request",
      { code: "1", detail_level: 2 },
      "detail_level",
      "0 or 1",
      "2",
    ],
    [
      "complete_request",
      { code: "1", cursor_pos: 0.5 },
      "cursor_pos",
      "an integer",
      "0.5",
    ],
    [
      "history_request",
      { hist_access_type: "head" },
      "hist_access_type",
      '"range" or "tail" or "search"',
      '"head"',
    ],
    [
      "comm_open",
      { target_name: "t", data: {} },
      "comm_id",
      "a string",
      "nothing",
    ],
  ] as const) {
    test(`is refused with one error: ${field} of ${type} must be ${rule}`, () => {
      assert.throws(
        () => read(type, content),
        errorWith(
          "ERR_PROTOCOL",
          `"${field}" of ${type} to be ${rule}`,
          `received ${received}.`,
        ),
      );
    });
  }

  test("of a name of Object.prototype is no declared one", () => {
    for (const type of ["constructor", "toString", "__proto__"]) {
      assert.equal(isRequestType(type), false);
      assert.equal(isReplied(type), false);
      assert.throws(() => checkPublished(type, {}), InvalidContent);
    }
  });
});

describe("a reply or a published message", () => {
  test("may lack no required field and have no others", () => {
    const info = { status: "ok", comms: { c: { target_name: "t" } } };
    checkReply("comm_info_request", info);
    for (const content of [
      { status: "ok" },
      { ...info, more: 1 },
      { ...info, comms: { c: { target_name: null } } },
      { ...info, comms: { c: { target_name: "t", more: 1 } } },
      { status: "error", ename: "E", evalue: "e" },
      { status: "aborted" },
    ]) {
      assert.throws(
        () => checkReply("comm_info_request", content),
        InvalidContent,
      );
    }
    checkPublished("stream", { name: "stdout", text: "" });
    for (const [type, content] of [
      ["stream", { name: "stdin", text: "" }],
      ["stream", { name: "stdout" }],
      ["display_data", { data: { plain: "1" }, metadata: {} }],
      ["display_data", { data: { "text/plain": 1 }, metadata: {} }],
      ["pyout", {}],
    ] as const) {
      assert.throws(() => checkPublished(type, content), InvalidContent, type);
    }
  });
});
