/**
 * Tests the execution of cells: the messages, their order, and the state for later cells.
 */
import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import type { Message } from "../../kernel/wire/message";
import { KernelClient } from "./kernel-client";

/** Returns the type of a message, or for a status its state. */
function word({ type, content }: Message): string {
  return type === "status" ? String(content.execution_state) : type;
}

describe("execution", () => {
  let kernel: KernelClient;
  before(async () => {
    kernel = await KernelClient.start();
  });
  after(() => kernel?.close());

  test("a result is between busy and idle, after execute_input", async () => {
    const { messages, reply, content } = await kernel.execute("6 * 7");
    assert.deepEqual(messages.map(word), [
      "busy",
      "execute_input",
      "execute_result",
      "idle",
    ]);
    const [, input, result] = messages;
    assert.ok(input && result);
    assert.equal(input.content.code, "6 * 7");
    assert.equal(reply?.type, "execute_reply");
    assert.equal(content.status, "ok");
    assert.deepEqual(content.payload, []);
    assert.deepEqual(content.user_expressions, {});
    assert.deepEqual(result.content.data, { "text/plain": "42" });
    assert.deepEqual(result.content.metadata, {});
    const count = content.execution_count;
    assert.ok(Number.isInteger(count));
    assert.equal(input.content.execution_count, count);
    assert.equal(result.content.execution_count, count);
  });

  test("everything published for a request has the request's header and the kernel's session", async () => {
    const cell = kernel.start("console.log(1); 2");
    const { messages, reply } = await cell.done;
    const sessions = new Set<string>();
    const ids = new Set<string>();
    for (const message of [...messages, reply]) {
      assert.equal(message?.parentHeader.msg_id, cell.id);
      assert.equal(message?.parentHeader.msg_type, "execute_request");
      assert.equal(message?.parentHeader.session, kernel.session);
      assert.match(String(message?.header.date), /^\d{4}-\d\d-\d\dT.*Z$/);
      sessions.add(String(message?.header.session));
      ids.add(String(message?.header.msg_id));
    }
    assert.equal(sessions.size, 1);
    assert.notEqual([...sessions][0], kernel.session);
    assert.equal(ids.size, messages.length + 1);
  });

  for (const [type, content, channel] of [
    ["kernel_info_request", {}, "shell"],
    ["kernel_info_request", {}, "control"],
    ["complete_request", { code: "Mat", cursor_pos: 3 }, "shell"],
    [
      "inspect_request",
      { code: "Math", cursor_pos: 2, detail_level: 0 },
      "shell",
    ],
    ["is_complete_request", { code: "1" }, "shell"],
    [
      "history_request",
      { hist_access_type: "tail", n: 1, output: false, raw: true },
      "shell",
    ],
    ["comm_info_request", {}, "shell"],
    ["interrupt_request", {}, "control"],
  ] as const) {
    test(`${type} on ${channel} is answered between busy and idle`, async () => {
      const { messages, reply, content } = await kernel.request(
        type,
        content_(),
        channel,
      );
      assert.deepEqual(messages.map(word), ["busy", "idle"]);
      assert.equal(reply?.type, type.replace("_request", "_reply"));
      if (type !== "is_complete_request") assert.equal(content.status, "ok");
    });
    const content_ = () => ({ ...content });
  }

  test("standard output and error arrive in order, before the result", async () => {
    const { outputs } = await kernel.run(
      `console.log("one");
       console.error("two");
       process.stdout.write("three");
       process.stdout.write(Buffer.from("+"));
       console.warn("four");
       5`,
    );
    const shown: [type: string, name: string, text: string][] = [];
    for (const { type, content } of outputs) {
      const { name = "", text = "" } = content as Record<string, string>;
      const last = shown.at(-1);
      // Consecutive texts may be joined, depending on timing.
      if (type === "stream" && last?.[1] === name) last[2] += text;
      else shown.push([type, name, text]);
    }
    assert.deepEqual(shown, [
      ["stream", "stdout", "one\n"],
      ["stream", "stderr", "two\n"],
      ["stream", "stdout", "three+"],
      ["stream", "stderr", "four\n"],
      ["execute_result", "", ""],
    ]);
  });

  test("output arrives before the error that ends the cell", async () => {
    const { messages } = await kernel.execute(
      'console.log("before"); throw new Error("x");',
    );
    assert.deepEqual(messages.map(word), [
      "busy",
      "execute_input",
      "stream",
      "error",
      "idle",
    ]);
  });

  test("process.stdout.write calls back and returns true", async () => {
    const { result } = await kernel.run(
      `const went = process.stdout.write("a");
       await new Promise((resolve) => process.stdout.write("b", resolve));
       await new Promise((resolve) => process.stdout.write("c", "utf8", resolve));
       went`,
    );
    assert.equal(result, "true");
  });

  test("the last expression is the result, after any statements", async () => {
    assert.equal((await kernel.run("let k = 1; k += 1; k")).result, "2");
    assert.equal((await kernel.run("1; 2; 3;")).result, "3");
    assert.equal((await kernel.run('"text"')).result, "'text'");
    assert.equal((await kernel.run("null")).result, "null");
    assert.equal((await kernel.run("({ a: 1 })")).result, "{ a: 1 }");
    assert.equal((await kernel.run("4 // four")).result, "4");
  });

  test("a cell that ends in a statement or in undefined has no result", async () => {
    for (const code of [
      "undefined",
      "const unused = 1;",
      "void 0",
      "function nothing() {}",
      "if (true) { 1 }",
      "interface Nothing { a: number }",
      'console.log("x")',
    ]) {
      const { messages } = await kernel.run(code);
      assert.ok(!messages.some(({ type }) => type === "execute_result"), code);
    }
  });

  test("a result has no color codes", async () => {
    const { messages } = await kernel.run(
      'new Map<string, unknown>([["a", { n: null, u: undefined, s: Symbol("s") }]])',
    );
    assert.ok(!JSON.stringify(messages).includes("\\u001b"));
  });

  test("cyclic and huge values are shortened", async () => {
    const cyclic = await kernel.run(
      "const ring: { self?: unknown } = {}; ring.self = ring; ring",
    );
    assert.match(String(cyclic.result), /\[Circular \*1\]/);
    const huge = await kernel.run("new Array(1_000_000).fill(7)");
    assert.match(String(huge.result), /999900 more items/);
    const long = await kernel.run('"x".repeat(1_000_000)');
    assert.ok(String(long.result).length < 20_000);
  });

  test("the execution count increases by one for each stored cell, even if it fails", async () => {
    const count = async (code: string, options = {}) =>
      Number((await kernel.execute(code, options)).content.execution_count);
    const first = await count("1");
    assert.equal(await count("throw 1"), first + 1);
    assert.equal(await count("const wrong: number = 'x'"), first + 2);
    assert.equal(await count("1", { store_history: false }), first + 2);
    assert.equal(await count("1", { silent: true }), first + 2);
    assert.equal(await count("1"), first + 3);
  });

  test("a silent cell runs and publishes only its status", async () => {
    const quiet = await kernel.execute(
      'const heard = 1; console.log("not heard"); heard',
      { silent: true },
    );
    assert.deepEqual(quiet.messages.map(word), ["busy", "idle"]);
    assert.equal(quiet.content.status, "ok");
    assert.equal((await kernel.run("heard")).result, "1");
  });

  test("the error of a silent cell is only in its reply", async () => {
    const quiet = await kernel.execute('throw new Error("silently")', {
      silent: true,
    });
    assert.deepEqual(quiet.messages.map(word), ["busy", "idle"]);
    assert.equal(quiet.content.status, "error");
    assert.equal(quiet.content.evalue, "silently");
  });

  test("a cell that is not stored shows its result and is not in the history", async () => {
    const { result } = await kernel.run('"not stored " + 1', {
      store_history: false,
    });
    assert.equal(result, "'not stored 1'");
    const { content } = await kernel.request("history_request", {
      hist_access_type: "search",
      pattern: '"not stored*',
      output: false,
      raw: true,
    });
    assert.deepEqual(content.history, []);
  });

  test("an empty cell is answered immediately without a result", async () => {
    for (const code of ["", "  \n\n", "// only a comment"]) {
      const { messages, content } = await kernel.execute(code);
      assert.equal(content.status, "ok");
      assert.deepEqual(messages.map(word), ["busy", "execute_input", "idle"]);
    }
  });

  test("variables, functions, classes and types are visible in later cells", async () => {
    await kernel.run(
      `const base: number = 40;
       let counter = 0;
       function add(n: number): number { counter += 1; return base + n; }
       class Point { constructor(readonly x: number) {} double() { return new Point(this.x * 2); } }
       interface Named { name: string }
       type Pair = [number, number];
       enum Color { Red, Green }
       const { left, right: [, second] } = { left: 1, right: [2, 3] };`,
    );
    assert.equal((await kernel.run("add(2)")).result, "42");
    assert.equal((await kernel.run("counter")).result, "1");
    assert.equal(
      (await kernel.run("counter = 10; add(1); counter")).result,
      "11",
    );
    assert.equal((await kernel.run("new Point(2).double().x")).result, "4");
    assert.equal(
      (await kernel.run('const named: Named = { name: "n" }; named.name'))
        .result,
      "'n'",
    );
    assert.equal(
      (await kernel.run("const pair: Pair = [1, 2]; pair.length")).result,
      "2",
    );
    assert.equal((await kernel.run("Color[Color.Green]")).result, "'Green'");
    assert.equal((await kernel.run("[left, second]")).result, "[ 1, 3 ]");
  });

  test("names can be declared again with another type", async () => {
    await kernel.run(
      `const again = 1;
       class Thing { a = 1 }
       function make() { return new Thing().a; }
       type Shape = { side: number };
       import { join as named } from "node:path";`,
    );
    await kernel.run(
      `const again = "text";
       class Thing { b = "b" }
       function make() { return new Thing().b; }
       type Shape = { radius: number };
       const named = 5;`,
    );
    assert.equal((await kernel.run("again.toUpperCase()")).result, "'TEXT'");
    assert.equal((await kernel.run("make()")).result, "'b'");
    assert.equal(
      (await kernel.run("const circle: Shape = { radius: 2 }; circle.radius"))
        .result,
      "2",
    );
    assert.equal((await kernel.run("named + 1")).result, "6");
    const old = await kernel.execute("const square: Shape = { side: 2 }");
    assert.equal(old.error?.ename, "TypeScriptError");
  });

  test("the same cell runs twice", async () => {
    const code =
      "const twice = 1; let sum = 0; for (const n of [1, 2]) sum += n; sum + twice";
    assert.equal((await kernel.run(code)).result, "4");
    assert.equal((await kernel.run(code)).result, "4");
  });

  test("a cell can await at its top level", async () => {
    const { result } = await kernel.run(
      `const later = await new Promise<number>((resolve) => setTimeout(() => resolve(7), 10));
       for await (const n of [Promise.resolve(1)]) console.log(n);
       later * 2`,
    );
    assert.equal(result, "14");
    assert.equal((await kernel.run("later")).result, "7");
    assert.equal((await kernel.run("await Promise.resolve(3)")).result, "3");
  });

  test("a cell that fails keeps its assignments and those of earlier cells", async () => {
    await kernel.run("let kept = 1; let untouched = 'old';");
    await kernel.execute(
      'kept = 2; const reached = 3; throw new Error("x"); let untouched = "new";',
    );
    assert.equal((await kernel.run("kept")).result, "2");
    assert.equal((await kernel.run("reached")).result, "3");
    assert.equal((await kernel.run("untouched")).result, "'old'");
  });

  test("queued cells run in order", async () => {
    await kernel.run("const order: number[] = []");
    // Each cell takes less time than the one before, and would overtake it.
    const cells = [1, 2, 3, 4].map((n) =>
      kernel.start(`await new Promise((r) => setTimeout(r, ${50 - 10 * n}));
        order.push(${n})`),
    );
    await Promise.all(cells.map(({ done }) => done));
    assert.equal((await kernel.run("order")).result, "[ 1, 2, 3, 4 ]");
  });

  test("an error aborts the queued cells", async () => {
    await kernel.run("let ran = 0");
    const { fails, waits } = await kernel.whileCompiling(() => ({
      fails: kernel.start('throw new Error("stop");'),
      waits: [1, 2].map(() => kernel.start("ran += 1")),
    }));
    assert.equal((await fails.done).content.status, "error");
    for (const { done } of waits) {
      const { content, messages } = await done;
      assert.deepEqual(content, { status: "aborted" });
      assert.deepEqual(messages.map(word), ["busy", "idle"]);
    }
    assert.equal((await kernel.run("ran")).result, "0");
  });

  test("a type error aborts the queued cells, too", async () => {
    const second = await kernel.whileCompiling(() => {
      kernel.start("const n: number = 'x'");
      return kernel.start("1");
    });
    assert.equal((await second.done).content.status, "aborted");
  });

  test("with stop_on_error false, the queued cells run", async () => {
    await kernel.run("let ranOn = 0");
    const { fails, waits } = await kernel.whileCompiling(() => ({
      fails: kernel.start('throw new Error("go on");', {
        stop_on_error: false,
      }),
      waits: kernel.start("ranOn += 1"),
    }));
    assert.equal((await fails.done).content.status, "error");
    assert.equal((await waits.done).content.status, "ok");
    assert.equal((await kernel.run("ranOn")).result, "1");
  });

  test("output of a timer after its cell has ended belongs to that cell", async () => {
    const sign = (name: string) => join(kernel.folder, name);
    await kernel.run(
      `const sign = (path: string) => new Promise<void>((resolve) => {
  const timer = setInterval(() => {
    if (!require("node:fs").existsSync(path)) return;
    clearInterval(timer);
    resolve();
  }, 5);
});`,
    );
    const [first, second, last] = ["first", "second", "last"].map((name) =>
      JSON.stringify(sign(name)),
    );
    const early = kernel.start(
      `const timer = setInterval(() => {
  if (!require("node:fs").existsSync(${first})) return;
  clearInterval(timer);
  console.log("late");
}, 5);
void Promise.resolve().then(() => sign(${second})).then(() => console.error("later"));`,
    );
    await early.done;
    const later = kernel.start(`await sign(${last});`);
    await later.until(({ type }) => type === "execute_input");
    writeFileSync(sign("first"), "");
    const late = await kernel.until(() =>
      kernel.iopub.find(({ content }) => content.text === "late\n"),
    );
    assert.equal(late.parentHeader.msg_id, early.id);
    assert.equal(late.parentHeader.msg_type, "execute_request");
    writeFileSync(sign("second"), "");
    const afterThat = await kernel.until(() =>
      kernel.iopub.find(({ content }) => content.text === "later\n"),
    );
    assert.equal(afterThat.parentHeader.msg_id, early.id);
    writeFileSync(sign("last"), "");
    assert.equal((await later.done).outputs.length, 0);
  });

  test("an emitter's listener prints in the cell that emits", async () => {
    await kernel.run(
      `import { EventEmitter } from "node:events";
       const bell = new EventEmitter();
       bell.on("ring", () => console.log("ding"));`,
    );
    assert.equal((await kernel.run('bell.emit("ring");')).stdout, "ding\n");
  });

  test("a callback of an earlier cell prints in the cell that calls it", async () => {
    await kernel.run('const greet = () => console.log("hello");');
    assert.equal((await kernel.run("greet()")).stdout, "hello\n");
  });

  test("output is published immediately, even while the cell computes", async () => {
    const cell = kernel.start(
      'for (const word of ["one", "two", "three"]) console.log(word); for (;;);',
    );
    await cell.until(({ content }) => String(content.text).includes("three"));
    await kernel.interrupt();
    const { stdout } = await cell.done;
    assert.equal(stdout, "one\ntwo\nthree\n");
  });

  test("20,000 lines arrive in order, in few messages", async () => {
    const { stdout, outputs } = await kernel.run(
      "for (let i = 0; i < 20_000; i += 1) console.log(`line ${i}`);",
    );
    const lines = stdout.split("\n");
    assert.equal(lines.length, 20_001);
    assert.ok(lines.slice(0, -1).every((line, i) => line === `line ${i}`));
    assert.ok(outputs.length <= 100, `${outputs.length} messages`);
  });

  test("a line of 10 MB arrives completely", async () => {
    const { stdout } = await kernel.run('console.log("é".repeat(10_000_000))');
    assert.equal(stdout.length, 10_000_001);
    assert.ok(/^é+\n$/.test(stdout));
  });

  test("5,000 displays arrive in order, before idle", async () => {
    const { messages } = await kernel.run(
      `import { display } from "tslab";
       for (let i = 0; i < 5_000; i += 1) display.text(String(i));`,
    );
    const shown = messages
      .filter(({ type }) => type === "display_data")
      .map(
        ({ content }) => (content.data as Record<string, string>)["text/plain"],
      );
    assert.deepEqual(
      shown,
      Array.from({ length: 5_000 }, (_, i) => String(i)),
    );
  });

  test("output of a child process is shown", async () => {
    const { stdout } = await kernel.run(
      `import { execSync } from "node:child_process";
       console.log(execSync("echo from a child").toString().trim());`,
    );
    assert.equal(stdout, "from a child\n");
    const inherited = kernel.start(
      `import { spawn } from "node:child_process";
       await new Promise((resolve) =>
         spawn("echo", ["inherited"], { stdio: "inherit" }).on("close", resolve));`,
    );
    await inherited.done;
    await kernel.until(() =>
      kernel.iopub.find(
        ({ parentHeader, content }) =>
          parentHeader.msg_id === inherited.id &&
          content.text === "inherited\n",
      ),
    );
  });

  test("a cell of 2,000 lines runs", async () => {
    const lines = Array.from(
      { length: 2_000 },
      (_, i) => `const v${i} = ${i};`,
    );
    const { result } = await kernel.run([...lines, "v1999"].join("\n"));
    assert.equal(result, "1999");
  });

  test("text outside ASCII is preserved", async () => {
    const { stdout, result } = await kernel.run(
      'const größe = "\\u{1F600} é 漢字"; console.log(größe); größe.length',
    );
    assert.equal(stdout, "\u{1F600} é 漢字\n");
    assert.equal(result, "7");
  });

  test("a second client receives the messages of the first one's cells", async () => {
    const before = kernel.iopub.length;
    await kernel.run('console.log("for all")');
    const topics = kernel.iopub
      .slice(before)
      .map(({ identities }) =>
        identities.map((frame) => frame.toString()).join(),
      );
    assert.deepEqual(topics, ["status", "execute_input", "stream", "status"]);
  });
});
