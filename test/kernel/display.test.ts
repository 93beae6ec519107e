/**
 * Tests rich output: displays of cells and their updates.
 */
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import type { Message } from "../../kernel/wire/message";
import { type Answer, KernelClient } from "./kernel-client";

type Bundle = Record<string, unknown>;

function shown(answer: Answer): Message[] {
  return answer.outputs.filter(({ type }) => type.includes("display_data"));
}

function bundleOf(message: Message | undefined): Bundle {
  return message?.content.data as Bundle;
}

function idOf({ content }: Message): unknown {
  return (content.transient as Bundle | undefined)?.display_id;
}

function resultOf(answer: Answer): Bundle {
  return bundleOf(
    answer.messages.find(({ type }) => type === "execute_result"),
  );
}

describe("display", () => {
  let kernel: KernelClient;
  before(async () => {
    kernel = await KernelClient.start();
    await kernel.run(
      'const host = (globalThis as any)[Symbol.for("convnotes.notebook")];',
    );
  });
  after(() => kernel?.close());

  const bytes = "new Uint8Array([1, 2, 250])";
  const base64 = Buffer.from([1, 2, 250]).toString("base64");
  for (const [method, argument, type, data] of [
    ["html", '"<b>bold</b>"', "text/html", "<b>bold</b>"],
    ["markdown", '"*text*"', "text/markdown", "*text*"],
    ["latex", '"$x$"', "text/latex", "$x$"],
    ["javascript", '"1"', "text/javascript", "1"],
    ["text", '"plain"', "text/plain", "plain"],
    ["svg", '"<svg/>"', "image/svg+xml", "<svg/>"],
    ["png", bytes, "image/png", base64],
    ["jpeg", bytes, "image/jpeg", base64],
    ["gif", bytes, "image/gif", base64],
    ["pdf", bytes, "application/pdf", base64],
  ] as const) {
    test(`tslab's display.${method} displays ${type}`, async () => {
      const answer = await kernel.run(
        `import { display } from "tslab"; display.${method}(${argument});`,
      );
      const [message, ...more] = shown(answer);
      assert.equal(more.length, 0);
      assert.equal(message?.type, "display_data");
      assert.deepEqual(message.content.data, { [type]: data });
      assert.deepEqual(message.content.metadata, {});
      assert.deepEqual(message.content.transient, {});
    });
  }

  test("tslab's display.raw displays any type", async () => {
    const answer = await kernel.run(
      'import { display } from "tslab"; display.raw("text/x-own", "own");',
    );
    assert.deepEqual(bundleOf(shown(answer)[0]), { "text/x-own": "own" });
  });

  test("tslab's display is type-checked", async () => {
    const { error } = await kernel.execute(
      'import { display } from "tslab"; display.html(7);',
    );
    assert.match(String(error?.evalue), /^TS2345: /);
  });

  test("newDisplay updates its display, even from a later cell", async () => {
    const first = await kernel.run(
      `import { newDisplay } from "tslab";
       const [left, right] = [newDisplay(), newDisplay()];
       left.text("left 1"); right.text("right 1"); left.html("left 2");`,
    );
    const [one, two, three] = shown(first);
    assert.ok(one && two && three);
    assert.deepEqual(
      [one, two, three].map(({ type }) => type),
      ["display_data", "display_data", "update_display_data"],
    );
    assert.equal(typeof idOf(one), "string");
    assert.notEqual(idOf(one), idOf(two));
    assert.equal(idOf(three), idOf(one));
    assert.deepEqual(bundleOf(three), { "text/html": "left 2" });
    const second = await kernel.run('right.text("right 2");');
    const [four] = shown(second);
    assert.ok(four);
    assert.equal(four.type, "update_display_data");
    assert.equal(idOf(four), idOf(two));
  });

  test("displays and prints keep their order", async () => {
    const { outputs } = await kernel.run(
      `import { display } from "tslab";
       console.log("a"); display.text("b"); console.log("c"); display.text("d"); "e"`,
    );
    const texts = outputs.map(
      ({ content }) =>
        content.text ?? bundleOf({ content } as Message)["text/plain"],
    );
    assert.deepEqual(texts, ["a\n", "b", "c\n", "d", "'e'"]);
  });

  test("a last value with a display method is displayed as its bundle", async () => {
    const answer = await kernel.run(
      `({ [Symbol.for("Jupyter.display")]: () => ({ "text/plain": "p", "text/html": "<p>" }) })`,
    );
    assert.deepEqual(resultOf(answer), {
      "text/plain": "p",
      "text/html": "<p>",
    });
    assert.equal(shown(answer).length, 0);
  });

  test("the method may be asynchronous and belong to a class", async () => {
    const answer = await kernel.run(
      `class Picture {
         constructor(readonly name: string) {}
         async [Symbol.for("Jupyter.display")]() {
           await new Promise((resolve) => setTimeout(resolve, 5));
           return { "text/plain": this.name };
         }
       }
       new Picture("of a cat")`,
    );
    assert.deepEqual(resultOf(answer), { "text/plain": "of a cat" });
  });

  test("a function may have a display method", async () => {
    const answer = await kernel.run(
      `Object.assign(() => 1, { [Symbol.for("Jupyter.display")]: () => ({ "text/plain": "f" }) })`,
    );
    assert.deepEqual(resultOf(answer), { "text/plain": "f" });
  });

  test("a bundle without text/plain gets one", async () => {
    const answer = await kernel.run(
      `({ size: 3, [Symbol.for("Jupyter.display")]: () => ({ "text/html": "<i>3</i>" }) })`,
    );
    const bundle = resultOf(answer);
    assert.equal(bundle["text/html"], "<i>3</i>");
    assert.match(String(bundle["text/plain"]), /size: 3/);
  });

  test("a bundle of JSON data arrives as data", async () => {
    const answer = await kernel.run(
      `({ [Symbol.for("Jupyter.display")]: () => ({ "text/plain": "figure", "application/vnd.plotly.v1+json": { data: [{ y: [1, 2.5, null] }], layout: {} } }) })`,
    );
    assert.deepEqual(resultOf(answer)["application/vnd.plotly.v1+json"], {
      data: [{ y: [1, 2.5, null] }],
      layout: {},
    });
  });

  test("an error of a display method is the cell's error, with its line", async () => {
    const { content, error, messages } = await kernel.execute(
      `({
  [Symbol.for("Jupyter.display")]() {
    throw new RangeError("no picture");
  },
})`,
    );
    assert.equal(content.status, "error");
    assert.equal(error?.ename, "RangeError");
    assert.match(String(error?.traceback), /line 3\n/);
    assert.ok(!messages.some(({ type }) => type === "execute_result"));
  });

  test("a display method that does not return a bundle is an error", async () => {
    for (const given of ["null", "7", "undefined", '"text"']) {
      const { error } = await kernel.execute(
        `({ [Symbol.for("Jupyter.display")]: () => ${given} })`,
      );
      assert.equal(error?.ename, "TypeError");
      assert.match(
        String(error?.evalue),
        /^Expected a MIME bundle from the value's display method, received /,
      );
    }
  });

  test("a non-function with that name is not called", async () => {
    const answer = await kernel.run(
      '({ a: 1, [Symbol.for("Jupyter.display")]: "no method" })',
    );
    assert.match(String(answer.result), /a: 1/);
  });

  test("the host object displays bundles with metadata, and updates them", async () => {
    const answer = await kernel.run(
      `host.display({ "text/plain": "0 %" }, { displayId: "bar", metadata: { isolated: true } });
       host.display({ "text/plain": "100 %" }, { displayId: "bar", update: true });
       host.display({ "text/plain": "alone" });`,
    );
    const [first, second, third] = shown(answer);
    assert.ok(first && second && third);
    assert.equal(first.type, "display_data");
    assert.equal(idOf(first), "bar");
    assert.deepEqual(first.content.metadata, { isolated: true });
    assert.equal(second.type, "update_display_data");
    assert.equal(idOf(second), "bar");
    assert.deepEqual(bundleOf(second), { "text/plain": "100 %" });
    assert.equal(idOf(third), undefined);
  });

  test("displays of a timer belong to the cell that started it", async () => {
    // Most likely after the cell's end; the test also succeeds if it is before.
    const cell = kernel.start(
      'setTimeout(() => host.display({ "text/plain": "late picture" }), 200);',
    );
    await cell.done;
    await kernel.run("1");
    const late = await kernel.until(() =>
      kernel.iopub.find(
        ({ type, content }) =>
          type === "display_data" &&
          (content.data as Bundle)["text/plain"] === "late picture",
      ),
    );
    assert.equal(late.parentHeader.msg_id, cell.id);
  });

  test("clear_output keeps its order among the outputs", async () => {
    const { outputs } = await kernel.run(
      'console.log("old"); host.clear(); console.log("new"); host.clear(true);',
    );
    assert.deepEqual(
      outputs.map(({ type, content }) => [type, content.wait ?? content.text]),
      [
        ["stream", "old\n"],
        ["clear_output", false],
        ["stream", "new\n"],
        ["clear_output", true],
      ],
    );
  });

  test("the next output always follows the clearing", async () => {
    const { outputs } = await kernel.run(
      `for (const step of [1, 2]) {
         console.log("step", step);
         host.clear(true);
         host.display({ "text/plain": \`picture \${step}\` });
         await new Promise((resolve) => setTimeout(resolve, 5));
         host.clear(true);
       }
       for (let line = 0; line < 100; line += 1) console.log(line);
       host.clear(true);
       "last"`,
    );
    const summaries = outputs.map(({ type, content }) =>
      type === "clear_output"
        ? `clear, wait ${String(content.wait)}`
        : String(
            content.text ?? bundleOf({ content } as Message)["text/plain"],
          ),
    );
    const cleared = summaries.lastIndexOf("clear, wait true");
    assert.deepEqual(summaries.slice(0, 8), [
      "step 1\n",
      "clear, wait true",
      "picture 1",
      "clear, wait true",
      "step 2\n",
      "clear, wait true",
      "picture 2",
      "clear, wait true",
    ]);
    // Joined or not, all lines are between the two.
    assert.equal(
      summaries.slice(8, cleared).join(""),
      Array.from({ length: 100 }, (_, line) => `${line}\n`).join(""),
    );
    assert.deepEqual(summaries.slice(cleared + 1), ["'last'"]);
  });

  test("a silent cell publishes no displays", async () => {
    const answer = await kernel.execute(
      'host.display({ "text/plain": "hidden" }); host.clear();',
      { silent: true },
    );
    assert.deepEqual(
      answer.messages.map(({ type }) => type),
      ["status", "status"],
    );
  });

  test("an image of 5 MB arrives completely", async () => {
    const answer = await kernel.run(
      'import { display } from "tslab"; display.png(new Uint8Array(5_000_000).fill(7));',
    );
    const data = String(bundleOf(shown(answer)[0])["image/png"]);
    assert.ok(Buffer.from(data, "base64").every((byte) => byte === 7));
    assert.equal(Buffer.from(data, "base64").length, 5_000_000);
  });

  test("a slow subscriber receives everything", async () => {
    const { Subscriber } = await import("zeromq");
    const slow = new Subscriber({
      receiveHighWaterMark: 1,
      receiveTimeout: 30_000,
    });
    slow.connect(kernel.connection.addresses.iopub);
    slow.subscribe();
    await slow.receive(); // Its welcome: from here on it is sent everything.
    const count = 5_000;
    await kernel.run(
      `for (let i = 0; i < ${count}; i += 1) host.display({ "text/plain": "x".repeat(1_000) });`,
    );
    let received = 0;
    try {
      while (received < count) {
        const [topic] = await slow.receive();
        if (topic?.toString() === "display_data") received += 1;
      }
    } finally {
      slow.close();
    }
    assert.equal(received, count);
  });
});
