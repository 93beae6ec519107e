/**
 * Tests that forged, malformed and unknown messages do not end the kernel, and that signatures are
 * correct.
 */
import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { Dealer } from "zeromq";
import { Message, Signer } from "../../kernel/wire/message";
import { KernelClient, PATIENCE } from "./kernel-client";

const DELIMITER = Buffer.from("<IDS|MSG>");

describe("the wire", () => {
  let kernel: KernelClient;
  before(async () => {
    kernel = await KernelClient.start();
    await kernel.run("let executed = 0;");
  });
  after(() => kernel?.close());

  /** Returns the frames of a request, as a client sends them, signed by `signer`. */
  function frames(
    type: string,
    content: Record<string, unknown>,
    signer = kernel.signer,
  ): Buffer[] {
    const message = Message.create(type, content, kernel.session);
    message.identities.length = 0;
    return message.encode(signer);
  }

  /** Sends frames and waits until the kernel has answered a later request. */
  async function throwAt(sent: Buffer[]): Promise<void> {
    for (const channel of ["shell", "control"] as const) {
      const replies = kernel.replies.length;
      const published = kernel.iopub.length;
      await kernel.sendFrames(channel, sent);
      await kernel.request("comm_info_request", {}, channel);
      assert.equal(kernel.replies.length, replies + 1, "It was answered.");
      assert.equal(kernel.iopub.length, published + 2, "It was published for.");
    }
  }

  /** Returns four parts with their valid signature. */
  function signed(...parts: string[]): Buffer[] {
    const body = parts.map((part) => Buffer.from(part));
    return [DELIMITER, Buffer.from(kernel.signer.sign(body)), ...body];
  }

  test("a message signed with another key is dropped, and the kernel keeps running", async () => {
    const forger = new Signer("another key", "hmac-sha256");
    await throwAt(frames("execute_request", { code: "executed = 1" }, forger));
    assert.equal((await kernel.run("executed")).result, "0");
    assert.match(kernel.log, /Dropped a message on shell: .*signature/);
  });

  test("a message that was modified in transit is dropped", async () => {
    const changed = frames("execute_request", { code: "executed = 0" });
    changed[changed.length - 1] = Buffer.from('{"code":"executed = 2"}');
    await throwAt(changed);
    assert.equal((await kernel.run("executed")).result, "0");
  });

  test("a message without a signature is dropped", async () => {
    const unsigned = frames("execute_request", { code: "executed = 3" });
    unsigned[1] = Buffer.alloc(0);
    await throwAt(unsigned);
    assert.equal((await kernel.run("executed")).result, "0");
  });

  for (const [what, make] of [
    ["no delimiter", () => [Buffer.from("hello")]],
    ["one empty frame", () => [Buffer.alloc(0)]],
    ["a delimiter alone", () => [DELIMITER]],
    ["three parts", () => signed("{}", "{}", "{}")],
    ["parts that are no JSON", () => signed("{", "}", "nul", "\u0000")],
    ["parts that are no objects", () => signed("[]", "1", "null", '"x"')],
    ["a header without a type", () => signed("{}", "{}", "{}", "{}")],
    [
      "invalid UTF-8",
      () => {
        const body = [0, 1, 2, 3].map(() => Buffer.from([0xff, 0xfe, 0]));
        return [DELIMITER, Buffer.from(kernel.signer.sign(body)), ...body];
      },
    ],
  ] as const) {
    test(`a message with ${what} is dropped`, () => throwAt([...make()]));
  }

  test("a message of an unknown type is ignored between busy and idle", async () => {
    for (const channel of ["shell", "control"] as const) {
      const { messages } = await kernel.send("dance_request", {}, channel, {
        replies: false,
      }).done;
      assert.deepEqual(
        messages.map(({ content }) => content.execution_state),
        ["busy", "idle"],
      );
    }
    assert.equal((await kernel.run("1")).result, "1");
  });

  test("names of Object.prototype are unknown types, too", async () => {
    for (const type of ["constructor", "toString", "__proto__"]) {
      const { messages } = await kernel.send(type, {}, "shell", {
        replies: false,
      }).done;
      assert.equal(messages.length, 2);
      assert.ok(
        !kernel.replies.some((reply) => reply.header.msg_type === type),
        `${type} was answered.`,
      );
    }
  });

  test("unknown parents and unexpected fields are harmless", async () => {
    const header = {
      msg_id: "my-id",
      session: "elsewhere",
      username: "somebody",
      date: "not a date",
      msg_type: "kernel_info_request",
      version: "5.0",
      extra: { more: [1] },
    };
    await kernel.sendFrames(
      "shell",
      signed(
        JSON.stringify(header),
        '{"msg_id":"nobody knows","msg_type":"dance_request"}',
        '{"deletedCells":[],"cellId":"abc"}',
        '{"unexpected":true}',
      ),
    );
    const reply = await kernel.until(() =>
      kernel.replies.find(
        ({ parentHeader }) => parentHeader.msg_id === "my-id",
      ),
    );
    assert.deepEqual(reply.parentHeader, header);
    assert.equal(reply.content.status, "ok");
  });

  test("content of the wrong type is answered and not fatal", async () => {
    for (const [type, content] of [
      ["execute_request", {}],
      ["execute_request", { code: null }],
      ["execute_request", { code: "1", user_expressions: 7 }],
      ["complete_request", {}],
      ["complete_request", { code: 7, cursor_pos: "x" }],
      ["complete_request", { code: "a", cursor_pos: -5 }],
      ["inspect_request", { code: null, cursor_pos: 1e9 }],
      ["is_complete_request", {}],
      ["history_request", {}],
      ["history_request", { hist_access_type: "search", pattern: "[(" }],
      ["history_request", { hist_access_type: "range", start: "x" }],
    ] as const) {
      const { reply } = await kernel.request(type, content);
      assert.ok(typeof reply?.content.status === "string", type);
    }
    assert.equal((await kernel.run("1 + 1")).result, "2");
  });

  test("binary buffers after the parts are accepted", async () => {
    const message = Message.create("kernel_info_request", {}, kernel.session);
    message.identities.length = 0;
    await kernel.sendFrames("shell", [
      ...message.encode(kernel.signer),
      Buffer.from([0, 255]),
      Buffer.alloc(1_000_000),
    ]);
    await kernel.until(() =>
      kernel.replies.find(
        ({ parentHeader }) => parentHeader.msg_id === message.header.msg_id,
      ),
    );
  });

  test("a reply goes to the requesting client, and iopub messages go to all", async () => {
    const other = new Dealer({ linger: 0, receiveTimeout: PATIENCE });
    other.connect(kernel.connection.addresses.shell);
    try {
      const before = kernel.replies.length;
      const request = frames("kernel_info_request", {});
      await other.send(request);
      const reply = Message.decode(await other.receive(), kernel.signer);
      assert.equal(reply.type, "kernel_info_reply");
      const { msg_id: id } = reply.parentHeader;
      await kernel.until(() =>
        kernel.iopub.find(
          ({ parentHeader, content }) =>
            parentHeader.msg_id === id && content.execution_state === "idle",
        ),
      );
      assert.equal(kernel.replies.length, before);
    } finally {
      other.close();
    }
  });

  test("a client that disconnects before its reply does not disturb the others", async () => {
    const sign = join(kernel.folder, "has disconnected");
    const other = new Dealer({ linger: 1_000 });
    other.connect(kernel.connection.addresses.shell);
    await other.send(
      frames("execute_request", {
        code: `while (!require("node:fs").existsSync(${JSON.stringify(sign)})) await new Promise((resolve) => setTimeout(resolve, 5));
executed = 9;`,
      }),
    );
    await kernel.until(() =>
      kernel.iopub.find(({ content }) =>
        String(content.code).includes("executed = 9"),
      ),
    );
    other.close();
    writeFileSync(sign, "");
    assert.equal((await kernel.run("executed")).result, "9");
  });

  test("a hundred requests at once are all answered, in order", async () => {
    const answers = await Promise.all(
      Array.from({ length: 100 }, () => kernel.request("comm_info_request")),
    );
    assert.equal(answers.length, 100);
    const last = kernel.replies.slice(-100);
    const dates = last.map(({ header }) => header.date);
    assert.deepEqual(dates, [...dates].sort());
  });
});

describe("the connection", () => {
  test("with an empty key, messages are neither signed nor verified", async () => {
    const kernel = await KernelClient.start({ key: "" });
    try {
      assert.equal((await kernel.run("6 * 7")).result, "42");
      const message = Message.create("kernel_info_request", {}, kernel.session);
      message.identities.length = 0;
      const frames = message.encode(kernel.signer);
      assert.equal(frames[1]?.length, 0);
      frames[1] = Buffer.from("any signature");
      await kernel.sendFrames("shell", frames);
      await kernel.until(() =>
        kernel.replies.find(
          ({ parentHeader }) => parentHeader.msg_id === message.header.msg_id,
        ),
      );
    } finally {
      await kernel.close();
    }
  });

  test("all channels work over TCP, on the given address only", async (t) => {
    const kernel = await KernelClient.start({ transport: "tcp" });
    try {
      assert.equal((await kernel.run("6 * 7")).result, "42");
      await kernel.heartbeat();
      await kernel.interrupt();
      if (process.platform !== "linux") {
        t.skip("which addresses are listened on is read from /proc/net/tcp");
        return;
      }
      const ports = Object.values(kernel.connection.addresses).map((address) =>
        Number(address.split(":").at(-1))
          .toString(16)
          .toUpperCase()
          .padStart(4, "0"),
      );
      const listening = readFileSync("/proc/net/tcp", "utf8")
        .split("\n")
        .map((line) => line.trim().split(/\s+/))
        .filter(([, , , state]) => state === "0A")
        .map(([, local]) => local!.split(":"))
        .filter(([, port]) => ports.includes(port!));
      assert.equal(listening.length, 5);
      // 127.0.0.1, as this file writes it.
      assert.ok(listening.every(([address]) => address === "0100007F"));
    } finally {
      await kernel.close();
    }
  });
});
