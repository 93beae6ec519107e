/**
 * Tests comms, opened, used and closed from both ends.
 */
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import type { JsonObject } from "../../kernel/wire/message";
import { type Answer, KernelClient } from "./kernel-client";

const HOST = `const host = (globalThis as any)[Symbol.for("convnotes.notebook")];`;

describe("comms", () => {
  let kernel: KernelClient;
  before(async () => {
    kernel = await KernelClient.start();
    await kernel.run(HOST);
  });
  after(() => kernel?.close());

  /** Sends a message as a page does. Resolves when listeners have returned. */
  function tell(
    type: string,
    content: JsonObject,
    buffers: readonly Buffer[] = [],
  ): Promise<Answer> {
    return kernel.send(type, content, "shell", { replies: false, buffers })
      .done;
  }

  const about = (id: string) =>
    kernel.iopub.filter(
      ({ type, content }) => type.startsWith("comm_") && content.comm_id === id,
    );

  async function info(target?: string): Promise<unknown> {
    const { content } = await kernel.request(
      "comm_info_request",
      target === undefined ? {} : { target_name: target },
    );
    assert.equal(content.status, "ok");
    return content.comms;
  }

  /** Opens a comm in a cell. */
  async function open(name: string, target: string): Promise<string> {
    const { result } = await kernel.run(
      `const ${name} = host.openComm("${target}", { first: 1 }, { metadata: { version: "2" }, buffers: [new Uint8Array([1, 2])] }); ${name}.id`,
    );
    return result!.slice(1, -1);
  }

  test("are opened by a cell, with data, metadata and buffers", async () => {
    const id = await open("opened", "slider");
    const [message] = about(id);
    assert.equal(message?.type, "comm_open");
    assert.deepEqual(message?.content, {
      comm_id: id,
      target_name: "slider",
      data: { first: 1 },
    });
    assert.deepEqual(message?.metadata, { version: "2" });
    assert.deepEqual(message?.buffers, [Buffer.from([1, 2])]);
  });

  test("are listed, all or by target, even while a cell runs", async () => {
    const one = await open("one", "told");
    await open("other", "untold");
    assert.deepEqual(await info("told"), { [one]: { target_name: "told" } });
    assert.ok(Object.keys((await info()) as object).length >= 2);
    const cell = kernel.start("while (true) {}");
    await cell.until(({ type }) => type === "execute_input");
    assert.deepEqual(await info("told"), { [one]: { target_name: "told" } });
    await kernel.interrupt();
    await cell.done;
  });

  test("of silent cells are published, even from a timer after the cell's end, but no output is", async () => {
    const quiet = await kernel.execute(
      `const quiet = host.openComm("quiet", { first: 1 }); console.log("not heard"); host.display({ "text/plain": "not seen" });
       quiet.send({ n: 1 }); setTimeout(() => { quiet.send({ n: 2 }); quiet.close({ bye: true }); }, 1); quiet.id`,
      { silent: true },
    );
    assert.equal(quiet.content.status, "ok");
    const id = await kernel.until(() => {
      const opened = kernel.iopub.find(
        ({ type, content }) =>
          type === "comm_open" && content.target_name === "quiet",
      );
      return opened && String(opened.content.comm_id);
    });
    await kernel.until(() =>
      about(id).find(({ type }) => type === "comm_close"),
    );
    assert.deepEqual(
      about(id).map(({ type, content, parentHeader }) => [
        type,
        content.data,
        parentHeader.msg_id === quiet.reply?.parentHeader.msg_id,
      ]),
      [
        ["comm_open", { first: 1 }, true],
        ["comm_msg", { n: 1 }, true],
        ["comm_msg", { n: 2 }, true],
        ["comm_close", { bye: true }, true],
      ],
    );
    assert.deepEqual(quiet.outputs, []);
  });

  test("of a silent cell deliver messages of the page to it", async () => {
    await kernel.execute(
      'const hears = host.openComm("hears"); const told: unknown[] = []; hears.onMessage((data: object) => { told.push(data); hears.send({ got: data }); });',
      { silent: true },
    );
    const opened = await kernel.until(() =>
      kernel.iopub.find(({ content }) => content.target_name === "hears"),
    );
    const id = String(opened.content.comm_id);
    assert.deepEqual(await info("hears"), { [id]: { target_name: "hears" } });
    await tell("comm_msg", { comm_id: id, data: { value: 3 } });
    assert.equal((await kernel.run("told")).result, "[ { value: 3 } ]");
    assert.deepEqual(
      about(id).map(({ type, content }) => [type, content.data]),
      [
        ["comm_open", {}],
        ["comm_msg", { got: { value: 3 } }],
      ],
    );
  });

  test("send messages of a cell until it closes them", async () => {
    const id = await open("spoken", "spoken");
    await kernel.run(
      "spoken.send({ n: 1 }, { buffers: [new Uint8Array([7])] }); spoken.send({ n: 2 }); spoken.close({ bye: true }); spoken.close();",
    );
    assert.deepEqual(
      about(id).map(({ type, content }) => [type, content.data]),
      [
        ["comm_open", { first: 1 }],
        ["comm_msg", { n: 1 }],
        ["comm_msg", { n: 2 }],
        ["comm_close", { bye: true }],
      ],
    );
    assert.deepEqual(about(id)[1]?.buffers, [Buffer.from([7])]);
    assert.deepEqual(await info("spoken"), {});
    const { error } = await kernel.execute("spoken.send({})");
    assert.match(error?.evalue ?? "", /Expected an open comm/);
  });

  test("deliver messages of the page to listeners, whose output belongs to the cell that added them", async () => {
    const id = await open("heard", "heard");
    const cell = kernel.start(
      'const got: unknown[] = []; heard.onMessage((data: object, buffers: Uint8Array[]) => { got.push(data, buffers.map((each) => [...each])); console.log("heard"); });',
    );
    await cell.done;
    const answer = await tell("comm_msg", { comm_id: id, data: { value: 3 } }, [
      Buffer.from([9, 8]),
    ]);
    assert.deepEqual(
      answer.messages.map(({ content }) => content.execution_state),
      ["busy", "idle"],
    );
    assert.equal(
      (await kernel.run("got")).result,
      "[ { value: 3 }, [ [ 9, 8 ] ] ]",
    );
    const printed = kernel.iopub.find(
      ({ type, content }) => type === "stream" && content.text === "heard\n",
    );
    assert.equal(printed?.parentHeader.msg_id, cell.id);
  });

  test("deliver messages while a cell awaits", async () => {
    const id = await open("awaited", "awaited");
    const cell = kernel.start(
      "await new Promise<void>((resolve) => awaited.onMessage(() => resolve())); 5",
    );
    await cell.until(({ type }) => type === "execute_input");
    // The listener may not be added yet; a page would send many messages.
    while (kernel.replies.at(-1)?.parentHeader.msg_id !== cell.id) {
      await tell("comm_msg", { comm_id: id, data: {} });
    }
    assert.equal((await cell.done).result, "5");
  });

  test("keep working after a listener throws, and its error is shown", async () => {
    const id = await open("failing", "failing");
    await kernel.run(
      'failing.onMessage(() => { throw new RangeError("in a listener"); });',
    );
    await tell("comm_msg", { comm_id: id, data: {} });
    await kernel.settle();
    const seen = kernel.iopub.find(
      ({ type, content }) =>
        type === "stream" && String(content.text).includes("in a listener"),
    );
    assert.equal(seen?.content.name, "stderr");
    assert.equal((await kernel.run("1 + 1")).result, "2");
  });

  test("are closed by the page", async () => {
    const id = await open("left", "left");
    await kernel.run(
      "let farewell: unknown; left.onClose((data: object) => { farewell = data; });",
    );
    await tell("comm_close", { comm_id: id, data: { why: "gone" } });
    assert.equal(
      (await kernel.run("[farewell, left.isOpen]")).result,
      "[ { why: 'gone' }, false ]",
    );
    assert.deepEqual(await info("left"), {});
  });

  test("are opened by the page to a registered target", async () => {
    await kernel.run(
      'host.registerCommTarget("echo", (comm: any, data: object) => { comm.send({ opened: data }); comm.onMessage((more: object) => comm.send({ echo: more })); });',
    );
    await tell("comm_open", {
      comm_id: "e1",
      target_name: "echo",
      data: { a: 1 },
    });
    await tell("comm_msg", { comm_id: "e1", data: { b: 2 } });
    assert.deepEqual(
      about("e1").map(({ type, content }) => [type, content.data]),
      [
        ["comm_msg", { opened: { a: 1 } }],
        ["comm_msg", { echo: { b: 2 } }],
      ],
    );
    assert.deepEqual(await info("echo"), { e1: { target_name: "echo" } });
  });

  test("are closed immediately if the target or the comm is unknown", async () => {
    const cell = kernel.start("while (true) {}");
    await cell.until(({ type }) => type === "execute_input");
    await tell("comm_open", { comm_id: "u1", target_name: "nobody", data: {} });
    await tell("comm_msg", { comm_id: "u2", data: {} });
    await tell("comm_close", { comm_id: "u3", data: {} });
    await kernel.interrupt();
    await cell.done;
    assert.deepEqual(
      about("u1").map(({ type }) => type),
      ["comm_close"],
    );
    assert.deepEqual(
      about("u2").map(({ type }) => type),
      ["comm_close"],
    );
    assert.deepEqual(about("u3"), []);
    assert.equal((await kernel.run("1 + 1")).result, "2");
  });

  test("are all closed when the runtime ends", async () => {
    const id = await open("lost", "lost");
    await kernel.execute("process.exit(3)");
    assert.equal(about(id).at(-1)?.type, "comm_close");
    assert.deepEqual(await info(), {});
    await tell("comm_open", { comm_id: "e2", target_name: "echo", data: {} });
    assert.equal(about("e2").at(-1)?.type, "comm_close");
    await kernel.run(HOST);
  });
});
