/**
 * Tests creating, signing, encoding and decoding messages, with Jupyter's client as the reference.
 */
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { createHmac } from "node:crypto";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "node:test";
import { Message, Signer } from "../../kernel/wire/message";
import { errorWith } from "../error-with";
import { projectFolder } from "./kernel-client";

const signer = new Signer("a key", "hmac-sha256");
const python = join(projectFolder, ".venv", "bin", "python");

/** Python source that decodes base64 frames with Jupyter's code and encodes a reply. */
const JUPYTER_CLIENT = `
import base64, json, sys
from jupyter_client.session import Session
session = Session(key=b"a key", signature_scheme=sys.argv[1])
frames = [base64.b64decode(frame) for frame in json.loads(sys.stdin.read())]
identities, parts = session.feed_identities(frames)
message = session.deserialize(parts)
answer = session.msg("test_reply", {"text": "gr\\u00fc\\u00df \\U0001F600"}, parent=message["header"])
print(json.dumps({
    "identities": [base64.b64encode(identity).decode() for identity in identities],
    "type": message["msg_type"],
    "content": message["content"],
    "parent": message["parent_header"].get("msg_id"),
    "metadata": message["metadata"],
    "buffers": [base64.b64encode(bytes(buffer)).decode() for buffer in message["buffers"]],
    "answer": [base64.b64encode(bytes(frame)).decode() for frame in session.serialize(answer, ident=[b"someone"])],
}))
`;

describe("a message", () => {
  test("is created with an id, a date, a session and no parent", () => {
    const message = Message.create("status", { a: 1 }, "session");
    assert.equal(message.type, "status");
    assert.match(message.header.msg_id, /^[\da-f-]{36}$/);
    assert.ok(Math.abs(Date.parse(message.header.date) - Date.now()) < 60_000);
    assert.equal(message.header.session, "session");
    assert.match(message.header.version, /^5\.\d+$/);
    assert.deepEqual(message.parentHeader, {});
    assert.deepEqual(message.metadata, {});
    assert.deepEqual(message.content, { a: 1 });
    assert.deepEqual(message.buffers, []);
    assert.deepEqual(message.identities.map(String), ["status"]);
    const other = Message.create("status", {}, "session");
    assert.notEqual(other.header.msg_id, message.header.msg_id);
  });

  test("is replied to its sender, with its header as parent", () => {
    const request = received("execute_request", { code: "1" });
    const reply = request.reply({ status: "ok" }, "kernel");
    assert.equal(reply.type, "execute_reply");
    assert.deepEqual(reply.identities, request.identities);
    assert.deepEqual(reply.parentHeader, request.header);
    assert.deepEqual(reply.content, { status: "ok" });
    assert.equal(reply.header.session, "kernel");
  });

  test("is published on iopub with the message type as topic", () => {
    const request = received("execute_request", { code: "1" });
    const buffers = [Buffer.from([1])];
    const stream = request.publish("stream", {}, "kernel", { m: 1 }, buffers);
    assert.deepEqual(stream.identities.map(String), ["stream"]);
    assert.deepEqual(stream.parentHeader, request.header);
    assert.deepEqual(stream.metadata, { m: 1 });
    assert.deepEqual(stream.buffers, buffers);
  });

  test("is decoded as it was encoded", () => {
    const content = { text: "grüß \u{1F600}", list: [1, null, { deep: true }] };
    const request = received("x_request", content);
    const message = request.publish("x", content, "k", { a: [] }, [
      Buffer.from([0, 255]),
      Buffer.alloc(0),
    ]);
    const back = Message.decode(message.encode(signer), signer);
    assert.deepEqual(back, message);
  });

  test("is signed over its four parts in encoded form", () => {
    const frames = Message.create("t", { ü: 1 }, "s").encode(signer);
    const [topic, delimiter, signature, ...parts] = frames;
    assert.equal(String(topic), "t");
    assert.equal(String(delimiter), "<IDS|MSG>");
    assert.equal(parts.length, 4);
    const expected = createHmac("sha256", "a key")
      .update(Buffer.concat(parts))
      .digest("hex");
    assert.equal(String(signature), expected);
  });

  test("contains no lone surrogates, and keeps all other text", () => {
    const sent = {
      text: "Launch day \ud83d… \ude80\ud83d\ude80",
      whole: '\u{1F680} \\ud83d \\\\ud83d \\\\\\ud83d " \n \u2028 \ud7ff\ue000',
      mixed: "\\\ud83d\\\\\udfff",
      list: [["\udbff"], 1, null],
      "key \udc00": { "\ud83d\ude80": true },
    };
    const message = received("x_request", {}).publish("x", sent, "k", {
      "m\ud800": "\udfff",
    });
    const frames = message.encode(signer);
    for (const frame of frames)
      assert.doesNotMatch(String(frame), /[^\\]\\ud[89a-f]/);
    const { content, metadata } = Message.decode(frames, signer);
    assert.deepEqual(content, {
      text: "Launch day \ufffd… \ufffd\u{1F680}",
      whole: sent.whole,
      mixed: "\\\ufffd\\\\\ufffd",
      list: [["\ufffd"], 1, null],
      "key \ufffd": { "\u{1F680}": true },
    });
    assert.deepEqual(metadata, { "m\ufffd": "\ufffd" });
  });

  test("may be replaced by another message to the same peer", () => {
    const request = received("x_request", {});
    const reply = request.reply({ a: 1 }, "k").replacedBy("x_reply", { b: 2 });
    assert.deepEqual(reply.identities, request.identities);
    assert.deepEqual(reply.parentHeader, request.header);
    assert.deepEqual(reply.content, { b: 2 });
    const stream = request.publish("x", {}, "k").replacedBy("stream", {});
    assert.deepEqual(stream.identities.map(String), ["stream"]);
    assert.equal(stream.type, "stream");
    assert.equal(stream.header.session, "k");
  });

  for (const scheme of ["hmac-sha256", "hmac-sha512", "hmac-md5"]) {
    test(`is compatible with Jupyter's client (${scheme})`, (t) => {
      if (!existsSync(python)) {
        t.skip("Jupyter's environment (.venv) is not set up");
        return;
      }
      const own = new Signer("a key", scheme);
      const message = received("x_request", {}).publish(
        "stream",
        { text: "grüß \u{1F600}" },
        "kernel",
        { level: 1.5 },
        [Buffer.from([0, 1, 255])],
      );
      const frames = message
        .encode(own)
        .map((frame) => frame.toString("base64"));
      const decoded = JSON.parse(
        execFileSync(python, ["-c", JUPYTER_CLIENT, scheme], {
          input: JSON.stringify(frames),
          encoding: "utf8",
        }),
      ) as Record<string, unknown>;
      assert.deepEqual(decoded.identities, [
        Buffer.from("stream").toString("base64"),
      ]);
      assert.equal(decoded.type, "stream");
      assert.deepEqual(decoded.content, message.content);
      assert.equal(decoded.parent, message.parentHeader.msg_id);
      assert.deepEqual(decoded.metadata, { level: 1.5 });
      assert.deepEqual(decoded.buffers, ["AAH/"]);
      const answer = Message.decode(
        (decoded.answer as string[]).map((frame) =>
          Buffer.from(frame, "base64"),
        ),
        own,
      );
      assert.equal(answer.type, "test_reply");
      assert.deepEqual(answer.content, { text: "grüß \u{1F600}" });
      assert.equal(answer.parentHeader.msg_id, message.header.msg_id);
      assert.deepEqual(answer.identities.map(String), ["someone"]);
    });
  }

  const rejected: [string, (frames: Buffer[]) => Buffer[], string][] = [
    ["without the delimiter", () => [Buffer.from("x")], "<IDS|MSG>"],
    ["that is empty", () => [], "received 0 frames"],
    ["that is truncated", (frames) => frames.slice(0, 5), "received 3 frames"],
    [
      "whose content was changed",
      (frames) => [...frames.slice(0, -1), Buffer.from('{"a":2}')],
      "another signature",
    ],
    [
      "whose signature was truncated",
      (frames) => frames.map((f, i) => (i === 2 ? f.subarray(0, 9) : f)),
      "another signature",
    ],
    [
      "without a signature",
      (frames) => frames.map((f, i) => (i === 2 ? Buffer.alloc(0) : f)),
      "another signature",
    ],
    [
      "with an array as header",
      () => signed("[]", "{}", "{}", "{}"),
      "a JSON object",
    ],
    ["with invalid JSON", () => signed("{", "{}", "{}", "{}"), "a JSON object"],
    [
      "with null as content",
      () => signed("{}", "{}", "{}", "null"),
      "a JSON object",
    ],
    [
      "whose header has no type",
      () => signed("{}", "{}", "{}", "{}"),
      "msg_type",
    ],
    [
      "whose type is a number",
      () => signed('{"msg_type":1}', "{}", "{}", "{}"),
      "msg_type",
    ],
  ];
  for (const [what, change, says] of rejected) {
    test(`${what} is rejected`, () => {
      const frames = Message.create("t", { a: 1 }, "s").encode(signer);
      assert.throws(
        () => Message.decode(change(frames), signer),
        errorWith("ERR_PROTOCOL", says),
      );
    });
  }
});

describe("a signer", () => {
  test("with an empty key neither signs nor verifies", () => {
    const open = new Signer("", "hmac-sha256");
    const parts = [Buffer.from("{}")];
    assert.equal(open.sign(parts), "");
    assert.ok(open.verify(parts, Buffer.from("whatever")));
    assert.ok(open.verify(parts, Buffer.alloc(0)));
  });

  test("rejects an unknown scheme", () => {
    assert.throws(
      () => new Signer("k", "plain"),
      errorWith("ERR_UNSUPPORTED", '"hmac-sha256"', 'received "plain"'),
    );
    assert.throws(() => new Signer("k", "hmac-nosuchhash"));
  });
});

/** Creates a request as received from a client. */
function received(type: string, content: Record<string, unknown>): Message {
  const message = Message.create(type, content, "client");
  message.identities.splice(0, 1, Buffer.from([7, 0, 9]));
  return Message.decode(message.encode(signer), signer);
}

function signed(...parts: string[]): Buffer[] {
  const body = parts.map((part) => Buffer.from(part));
  return [Buffer.from("<IDS|MSG>"), Buffer.from(signer.sign(body)), ...body];
}
