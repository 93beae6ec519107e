/**
 * Tests prompt, confirm and alert over the stdin channel.
 */
import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { KernelClient } from "./kernel-client";

const asking = { allow_stdin: true };

describe("a cell that asks", () => {
  let kernel: KernelClient;
  before(async () => {
    kernel = await KernelClient.start();
  });
  after(() => kernel?.close());

  test("gets the line that the user types, including blanks and astral characters", async () => {
    const cell = kernel.start('const line = prompt("Name?"); line', asking);
    assert.deepEqual(await kernel.answer("  Grace 🚢 "), {
      prompt: "Name? ",
      password: false,
    });
    assert.equal((await cell.done).result, "'  Grace 🚢 '");
  });

  test("supports any characters in questions and answers, including U+2028 and U+2029", async () => {
    const odd = "a\u2028b\u2029c\u0085d\\u2028 \u{1F6A2}";
    const cell = kernel.start(`prompt(${JSON.stringify(odd)})`, asking);
    assert.equal((await kernel.answer(odd)).prompt, `${odd} `);
    assert.equal(
      (await cell.done).result,
      `'${odd.replace("\\", "\\\\").replace("\u0085", "\\x85")}'`,
    );
    const half = kernel.start('prompt("Launch day \\ud83d")', asking);
    assert.equal((await kernel.answer("")).prompt, "Launch day \ufffd ");
    await half.done;
  });

  test("sends the question to its client, with its request as parent", async () => {
    const cell = kernel.start("prompt()", asking);
    await kernel.answer("x");
    await cell.done;
    assert.equal(kernel.questions.at(-1)?.parentHeader.msg_id, cell.id);
    assert.equal(kernel.questions.at(-1)?.type, "input_request");
  });

  test("gets the default value only for an empty line", async () => {
    const cell = kernel.start(
      'const size = [prompt("Size?", "32"), prompt("Size?", "32")]; size',
      asking,
    );
    assert.equal((await kernel.answer("")).prompt, "Size? [32] ");
    await kernel.answer("64");
    assert.equal((await cell.done).result, "[ '32', '64' ]");
  });

  test("hides a password", async () => {
    const cell = kernel.start('prompt("Token", { password: true })', asking);
    assert.deepEqual(await kernel.answer("secret"), {
      prompt: "Token ",
      password: true,
    });
    assert.equal((await cell.done).result, "'secret'");
  });

  test("accepts only y and yes as confirmation", async () => {
    for (const [line, expected] of [
      ["y", "true"],
      ["YES", "true"],
      ["n", "false"],
      ["", "false"],
      ["yellow", "false"],
    ] as const) {
      const cell = kernel.start('confirm("Sure?")', asking);
      assert.equal((await kernel.answer(line)).prompt, "Sure? [y/N] ");
      assert.equal((await cell.done).result, expected, line);
    }
  });

  test("continues after an alert", async () => {
    const cell = kernel.start('alert("Look"); 1', asking);
    assert.equal((await kernel.answer("")).prompt, "Look [Enter] ");
    assert.equal((await cell.done).result, "1");
  });

  test("asks after earlier output is shown", async () => {
    const code = `for (let n = 0; n < 500; n += 1) console.log(n);
      console.log("last line"); prompt("?")`;
    const cell = kernel.start(code, asking);
    await kernel.until(
      () =>
        kernel.questions.at(-1)?.parentHeader.msg_id === cell.id || undefined,
    );
    await cell.until(
      ({ type, content }) =>
        type === "stream" && String(content.text).endsWith("last line\n"),
    );
    await kernel.answer("");
    await cell.done;
  });

  test("may ask after an await and in a function", async () => {
    const cell = kernel.start(
      'await Promise.resolve(); const ask = () => prompt("?"); ask()',
      asking,
    );
    await kernel.answer("later");
    assert.equal((await cell.done).result, "'later'");
  });

  test("does not block heartbeat, completion and control", async () => {
    const cell = kernel.start('prompt("?")', asking);
    await kernel.until(
      () =>
        kernel.questions.at(-1)?.parentHeader.msg_id === cell.id || undefined,
    );
    await kernel.heartbeat();
    const { content } = await kernel.request("complete_request", {
      code: "Math.sq",
      cursor_pos: 7,
    });
    assert.deepEqual(content.matches, ["sqrt"]);
    await kernel.request("kernel_info_request", {}, "control");
    await kernel.answer("");
    await cell.done;
  });

  for (const [where, code] of [
    ["", 'const kept = 5; prompt("?")'],
    [" after an await", 'const kept = 5; await 0; prompt("?")'],
  ] as const) {
    test(`is ended by an interrupt${where}, and a late answer is ignored`, async () => {
      const cell = kernel.start(code, asking);
      await kernel.until(
        () =>
          kernel.questions.at(-1)?.parentHeader.msg_id === cell.id || undefined,
      );
      await kernel.interrupt();
      const { content } = await cell.done;
      assert.equal(content.ename, "Interrupt");
      await kernel.answer("too late");
      const next = kernel.start("[kept, prompt()]", asking);
      await kernel.answer("in time");
      assert.equal((await next.done).result, "[ 5, 'in time' ]");
    });
  }

  test("fails immediately if the client does not allow input, and can catch the error", async () => {
    const { error } = await kernel.execute('prompt("?")', {
      allow_stdin: false,
    });
    assert.equal(error?.ename, "InputNotAllowed");
    assert.match(error?.evalue ?? "", /allow_stdin is false/);
    const caught = await kernel.run(
      'try { prompt("?") } catch (error) { String(error) }; 1',
      { allow_stdin: false },
    );
    assert.equal(caught.result, "1");
  });

  test("fails after its cell has ended", async () => {
    const sign = join(kernel.folder, "has ended");
    const cell = await kernel.run(
      `const timer = setInterval(() => {
  if (!require("node:fs").existsSync(${JSON.stringify(sign)})) return;
  clearInterval(timer);
  try { prompt("?") } catch (error) { console.log(String(error)) }
}, 5); 1`,
      asking,
    );
    assert.equal(cell.result, "1");
    writeFileSync(sign, "");
    const message = await kernel.until(() =>
      kernel.iopub.find(({ content }) => /Expected a/.test(`${content.text}`)),
    );
    assert.match(String(message.content.text), /Expected a running cell/);
  });

  test("has types", async () => {
    const { error } = await kernel.execute(
      "const n: number = prompt()",
      asking,
    );
    assert.match(error?.traceback ?? "", /TS2322/);
    const { content } = await kernel.request("inspect_request", {
      code: "confirm",
      cursor_pos: 3,
    });
    assert.equal(content.found, true);
  });
});

/**
 * Waits until a cell has most likely asked: a question to a client without stdin leaves no sign.
 * The tests also succeed if it has not.
 */
const asked = () => new Promise((resolve) => setTimeout(resolve, 300));

describe("a cell that was interrupted while it asked a client without stdin", () => {
  let kernel: KernelClient;
  before(async () => {
    kernel = await KernelClient.start({ withoutStdin: true });
  });
  after(() => kernel?.close());

  test("does not ask after that channel is connected", async () => {
    const cell = kernel.start('console.log("asks"); prompt("never?")', asking);
    await cell.until(({ type }) => type === "stream");
    await asked();
    await kernel.interrupt();
    await cell.done;
    kernel.connectStdin();
    // The question that must not arrive would arrive within this time.
    await new Promise((resolve) => setTimeout(resolve, 500));
    await kernel.run("1");
    assert.equal(kernel.questions.length, 0);
  });
});

describe("a cell that asks a client without stdin", () => {
  let kernel: KernelClient;
  before(async () => {
    kernel = await KernelClient.start({ withoutStdin: true });
  });
  after(() => kernel?.close());

  test("fails after a time limit", async () => {
    const { error } = await kernel.execute('prompt("?")', asking);
    assert.equal(error?.ename, "InputNotAllowed");
    assert.match(error?.evalue ?? "", /did not within 5 seconds/);
  });

  test("can be interrupted meanwhile", async () => {
    const cell = kernel.start('prompt("never?")', asking);
    await asked();
    await kernel.interrupt();
    assert.equal((await cell.done).content.ename, "Interrupt");
  });

  test("gets its answer once that channel is connected, without earlier questions", async () => {
    const cell = kernel.start('prompt("late?")', asking);
    await asked();
    kernel.connectStdin();
    assert.equal((await kernel.answer("here")).prompt, "late? ");
    assert.equal((await cell.done).result, "'here'");
    assert.equal(kernel.questions.length, 1);
  });
});
