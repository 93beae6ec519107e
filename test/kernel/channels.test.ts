/**
 * Tests the sockets without a kernel: input requests reach the client regardless of earlier ones,
 * and messages that JSON cannot represent are reported.
 */
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { Dealer, Subscriber } from "zeromq";
import { Channels } from "../../kernel/wire/channels";
import type { ConnectionFile } from "../../kernel/wire/connection-file";
import { Message, Signer } from "../../kernel/wire/message";
import { PATIENCE, within } from "./kernel-client";

const CLIENT = "a client";
const KEY = "a key";

/** Creates an input_request with a unique prompt. */
function question(prompt: string, client = CLIENT): Message {
  const message = Message.create("input_request", { prompt }, "a session");
  message.identities.splice(0, message.identities.length, Buffer.from(client));
  return message;
}

describe("input requests on stdin", () => {
  const folder = mkdtempSync(join(tmpdir(), "convnotes-channels-"));
  const address = (name: string) => `ipc://${join(folder, name)}`;
  const addresses = {
    shell: address("shell"),
    iopub: address("iopub"),
    stdin: address("stdin"),
    control: address("control"),
    hb: address("hb"),
  };
  const connection: ConnectionFile = {
    key: KEY,
    signatureScheme: "hmac-sha256",
    addresses,
  };
  const warnings: string[] = [];
  let channels: Channels;
  let dealer: Dealer;

  before(async () => {
    channels = new Channels(connection, "a session", {
      subscribed() {},
      request() {},
      warning: (text) => warnings.push(text),
    });
    await channels.bind(addresses);
    dealer = new Dealer({ routingId: CLIENT, linger: 0 });
  });
  after(async () => {
    dealer.close();
    await channels.close();
    rmSync(folder, { recursive: true });
  });

  test("are not sent if given up just before the client connects", async () => {
    for (let attempt = 0; attempt < 10; attempt += 1) {
      const routingId = `client ${attempt}`;
      let wanted = true;
      const asked = channels.ask(question("too late", routingId), () => wanted);
      // Each attempt is at a different time within the retry interval.
      await new Promise((resolve) => setTimeout(resolve, 50 + 4 * attempt));
      wanted = false;
      const late = new Dealer({ routingId, linger: 0 });
      late.connect(addresses.stdin);
      assert.equal(await asked, false);
      late.close();
    }
    assert.deepEqual(warnings, []);
  });

  test("are sent while others are being given up", async () => {
    const wanted = [true, true, true];
    const asked = wanted.map((_, index) =>
      channels.ask(question(`number ${index}`), () => wanted[index]!),
    );
    // Some retries; a question that no client receives leaves no other sign.
    await new Promise((resolve) => setTimeout(resolve, 50));
    wanted[0] = wanted[1] = false;
    assert.deepEqual(await Promise.all(asked.slice(0, 2)), [false, false]);
    assert.deepEqual(warnings, []);

    dealer.connect(addresses.stdin);
    const sent = within(PATIENCE, "the question to be sent", asked[2]!);
    assert.equal(await sent, true);
    const frames = await within(PATIENCE, "a question", dealer.receive());
    const { content } = Message.decode(frames, new Signer(KEY, "hmac-sha256"));
    assert.equal(content.prompt, "number 2");
  });
});

test("a message that JSON cannot represent is replaced by an error", async () => {
  const folder = mkdtempSync(join(tmpdir(), "convnotes-channels-"));
  const address = (name: string) => `ipc://${join(folder, name)}`;
  const addresses = {
    shell: address("shell"),
    iopub: address("iopub"),
    stdin: address("stdin"),
    control: address("control"),
    hb: address("hb"),
  };
  const warnings: string[] = [];
  let subscribed: () => void = () => undefined;
  const isHeard = new Promise<void>((resolve) => (subscribed = resolve));
  let received: (request: Message) => void = () => undefined;
  const isAsked = new Promise<Message>((resolve) => (received = resolve));
  const channels = new Channels(
    { key: KEY, signatureScheme: "hmac-sha256", addresses },
    "a session",
    {
      subscribed: () => subscribed(),
      request: (_channel, request) => received(request),
      warning: (text) => warnings.push(text),
    },
  );
  const dealer = new Dealer({ routingId: CLIENT, linger: 0 });
  const subscriber = new Subscriber({ linger: 0 });
  try {
    await channels.bind(addresses);
    dealer.connect(addresses.shell);
    subscriber.connect(addresses.iopub);
    subscriber.subscribe();
    await isHeard;
    const signer = new Signer(KEY, "hmac-sha256");
    const ring: Record<string, unknown> = {};
    ring.self = ring;
    await channels.publish(Message.create("display_data", ring, "a session"));
    const published = await (async () => {
      for await (const frames of subscriber) {
        const message = Message.decode(frames, signer);
        if (message.type !== "iopub_welcome") return message;
      }
      return assert.fail("nothing was published");
    })();
    assert.equal(published.type, "stream");
    assert.equal(published.content.name, "stderr");
    assert.match(
      String(published.content.text),
      /^Could not send display_data: TypeError/,
    );
    const asked = Message.create("history_request", {}, "a client");
    await dealer.send([...asked.encode(signer).slice(1)]);
    const request = await within(PATIENCE, "a request", isAsked);
    await channels.send("shell", request.reply(ring, "a session"));
    const reply = Message.decode(
      await within(PATIENCE, "a reply", dealer.receive()),
      signer,
    );
    assert.equal(reply.type, "history_reply");
    assert.equal(reply.content.status, "error");
    assert.match(String(reply.content.evalue), /^Could not send history_reply/);
    assert.equal(warnings.length, 2);
  } finally {
    dealer.close();
    subscriber.close();
    await channels.close();
    rmSync(folder, { recursive: true });
  }
});
