/**
 * Tests subshells (JEP 91): the scenarios of ipykernel's `test_subshells.py`, and what follows from
 * variables and a thread that all shells share.
 */
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { KernelClient, type Pending } from "./kernel-client";

const NOBODY = "3b3f3c7e-6d0d-4d9a-9f0e-2c1d5f3b7a11";

/** Declares a gate at which cells wait until another cell opens it. */
const GATE = `let open = (value: string) => {};
const gate = () => new Promise<string>((resolve) => { open = resolve; });`;

describe("subshells", () => {
  let kernel: KernelClient;
  before(async () => {
    kernel = await KernelClient.start();
    await kernel.run(GATE);
  });
  after(() => kernel?.close());

  const control = async (type: string, content = {}) =>
    (await kernel.request(type, content, "control")).content;

  async function create(): Promise<string> {
    const { status, subshell_id } = await control("create_subshell_request");
    assert.equal(status, "ok");
    return subshell_id as string;
  }

  const remove = (subshell_id: string) =>
    control("delete_subshell_request", { subshell_id });

  const ids = async () =>
    (await control("list_subshell_request")).subshell_id as string[];

  /** Calls `body` with subshells that are deleted afterwards. */
  async function withSubshells(
    body: (first: string, second: string) => Promise<void>,
  ): Promise<void> {
    const created = [await create(), await create()] as const;
    try {
      await body(...created);
    } finally {
      for (const id of created) await remove(id);
    }
  }

  const printed = (cell: Pending, text: string) =>
    cell.until(({ content }) => String(content.text).includes(text));

  /** Starts a cell and waits until it is at the gate. */
  async function atGate(code: string, subshell?: string): Promise<Pending> {
    const source = `const passed = gate(); console.log("at the gate"); ${code}`;
    const cell = kernel.start(source, {}, subshell);
    await printed(cell, "at the gate");
    return cell;
  }

  test("are announced in the kernel's information", async () => {
    const { content } = await kernel.request("kernel_info_request");
    const features = content.supported_features as string[];
    assert.ok(features.includes("kernel subshells"));
  });

  test("are created, listed and deleted", async () => {
    assert.deepEqual(await ids(), []);
    const [first, second] = [await create(), await create()];
    assert.notEqual(first, second);
    assert.deepEqual(await ids(), [first, second]);
    assert.deepEqual(await remove(first), { status: "ok" });
    assert.deepEqual(await ids(), [second]);
    assert.deepEqual(await remove(second), { status: "ok" });
    assert.deepEqual(await ids(), []);
  });

  test("that do not exist are refused", async () => {
    const expected = `Expected the id of a subshell of this kernel, received "${NOBODY}".`;
    const removed = await remove(NOBODY);
    assert.equal(removed.status, "error");
    assert.equal(removed.evalue, expected);
    const cell = kernel.start("1 + 1", {}, NOBODY);
    const answer = await cell.done;
    assert.equal(answer.content.status, "error");
    assert.equal(answer.error?.ename, "UnknownSubshell");
    assert.equal(answer.error?.evalue, expected);
  });

  test("run cells while a cell of the main shell waits", () =>
    withSubshells(async (first) => {
      const main = await atGate("await passed");
      const { result } = await kernel.start(
        'open("by a subshell"); 6 * 7',
        {},
        first,
      ).done;
      assert.equal(result, "42");
      assert.equal((await main.done).result, "'by a subshell'");
    }));

  test("run cells beside each other, but their own one after the other", () =>
    withSubshells(async (first, second) => {
      await kernel.run("const order: string[] = [];");
      const waiting = await atGate(
        'await passed; order.push("first, 1")',
        first,
      );
      const next = kernel.start('order.push("first, 2")', {}, first);
      await kernel.start('order.push("second")', {}, second).done;
      await kernel.run('order.push("main")');
      assert.deepEqual(
        next.messages.map(({ type }) => type),
        [],
        "The next cell of the first subshell has not begun.",
      );
      await kernel.start('open("")', {}, second).done;
      await Promise.all([waiting.done, next.done]);
      const { result } = await kernel.run("order.join('; ')");
      assert.equal(result, "'second; main; first, 1; first, 2'");
    }));

  test("are created while a cell runs", async () => {
    const main = await atGate("await passed");
    const id = await create();
    await kernel.start('open("")', {}, id).done;
    assert.equal((await main.done).content.status, "ok");
    await remove(id);
  });

  test("share the names of cells, with their types", () =>
    withSubshells(async (first, second) => {
      const wrong = await kernel.execute("ofSubshell.length");
      assert.match(wrong.error?.evalue ?? "", /ofSubshell/);
      const waiting = await atGate(
        "const early = 2; await passed; const late = 3;",
      );
      await kernel.start('const ofSubshell = "four";', {}, first).done;
      const { result } = await kernel.start("[early, ofSubshell]", {}, second)
        .done;
      assert.equal(result, "[ 2, 'four' ]");
      const misused = await kernel.start("ofSubshell.toFixed()", {}, second)
        .done;
      assert.match(misused.error?.evalue ?? "", /toFixed/);
      await kernel.start('open("")', {}, first).done;
      await waiting.done;
      assert.equal((await kernel.run("late + ofSubshell.length")).result, "7");
    }));

  test("show output in the cells that print it, and count all cells", () =>
    withSubshells(async (first) => {
      const main = await atGate('console.log(await passed, "main")');
      const other = await kernel.start(
        'console.log("other"); open("late")',
        {},
        first,
      ).done;
      assert.equal(other.stdout, "other\n");
      const answer = await main.done;
      assert.equal(answer.stdout, "at the gate\nlate main\n");
      const count = Number(answer.content.execution_count);
      assert.equal(other.content.execution_count, count + 1);
      const { history } = (
        await kernel.request("history_request", {
          hist_access_type: "tail",
          n: 2,
        })
      ).content;
      assert.deepEqual(
        (history as [number, number, string][]).map(([, line]) => line),
        [count, count + 1],
      );
    }));

  test("abort only their own queue after an error", () =>
    withSubshells(async (first, second) => {
      const failing = await atGate(
        'await passed; throw new Error("no");',
        first,
      );
      const aborted = kernel.start("1", {}, first);
      const kept = await atGate("await passed; 2", second);
      // The gate is now that of the second subshell's cell.
      const queued = kernel.start("3", {}, second);
      const main = kernel.start("4");
      assert.equal((await main.done).result, "4");
      await kernel.run('open("")');
      assert.equal((await kept.done).result, "2");
      assert.equal((await queued.done).result, "3");
      await kernel.interrupt();
      assert.equal((await failing.done).content.status, "error");
      assert.deepEqual((await aborted.done).content, { status: "aborted" });
    }));

  test("abort their queue when they are deleted, and end their cell", async () => {
    const id = await create();
    const running = await atGate("await passed", id);
    const queued = kernel.start("1", {}, id);
    assert.deepEqual(await remove(id), { status: "ok" });
    assert.deepEqual((await queued.done).content, { status: "aborted" });
    await kernel.run('open("opened")');
    assert.equal((await running.done).result, "'opened'");
  });

  test("are interrupted together with the main shell", () =>
    withSubshells(async (first, second) => {
      const cells = [
        await atGate("await passed", first),
        await atGate("await passed; await new Promise(() => {})", second),
        await atGate("await passed"),
      ];
      await kernel.interrupt();
      for (const cell of cells) {
        assert.equal((await cell.done).error?.ename, "Interrupt");
      }
      for (const id of [undefined, first, second]) {
        assert.equal((await kernel.start("1 + 1", {}, id).done).result, "2");
      }
    }));

  test("are interrupted in a loop that blocks the thread", () =>
    withSubshells(async (first) => {
      const main = await atGate("await passed");
      const loop = kernel.start('console.log("loops"); for (;;);', {}, first);
      await printed(loop, "loops");
      await kernel.interrupt();
      assert.equal((await loop.done).error?.ename, "Interrupt");
      assert.equal((await main.done).error?.ename, "Interrupt");
      assert.equal((await kernel.run("1 + 1")).result, "2");
    }));

  test("leave a cell of the main shell that can still be interrupted in a loop", () =>
    withSubshells(async (first) => {
      const main = await atGate(
        'await passed; console.log("loops"); for (;;) await Promise.resolve();',
      );
      // Later, as the loop leaves no turn for the end of this cell.
      const opening = 'setTimeout(() => open(""), 50); 1';
      assert.equal((await kernel.start(opening, {}, first).done).result, "1");
      await printed(main, "loops");
      await kernel.interrupt();
      assert.equal((await main.done).error?.ename, "Interrupt");
      assert.equal((await kernel.run("1 + 1")).result, "2");
    }));

  test("ask questions in their cells, one after the other", () =>
    withSubshells(async (first) => {
      const ask = `import { createInterface } from "node:readline/promises";
const lines = createInterface({ input: process.stdin });`;
      await kernel.run(ask);
      const asking = kernel.start('await lines.question("main? ")', {
        allow_stdin: true,
      });
      const { prompt } = await kernel.answer("one");
      assert.equal(prompt, "main? ");
      assert.equal((await asking.done).result, "'one'");
      const main = await atGate("await passed");
      const other = kernel.start(
        'prompt("subshell?")',
        { allow_stdin: true },
        first,
      );
      await kernel.answer("two");
      assert.equal((await other.done).result, "'two'");
      assert.equal(kernel.questions.at(-1)?.parentHeader.msg_id, other.id);
      await kernel.start('open("")', {}, first).done;
      await main.done;
    }));

  test("carry comm messages, which no cell delays", () =>
    withSubshells(async (first) => {
      const host = `const host = (globalThis as any)[Symbol.for("convnotes.notebook")];
const told: unknown[] = [];
const comm = host.openComm("slider", {});
comm.onMessage((data: unknown) => { told.push(data); comm.send({ told: told.length }); });
comm.id as string`;
      const comm_id = (await kernel.run(host)).result!.slice(1, -1);
      const main = await atGate("await passed; told");
      const data = { value: 3 };
      const options = { replies: false, subshell: first };
      await kernel.send("comm_msg", { comm_id, data }, "shell", options).done;
      const sent = kernel.iopub
        .filter(({ type }) => type === "comm_msg")
        .at(-1);
      assert.deepEqual(sent?.content.data, { told: 1 });
      await kernel.start('open("")', {}, first).done;
      assert.equal((await main.done).result, "[ { value: 3 } ]");
    }));

  test("end with the runtime, but accept further cells", () =>
    withSubshells(async (first) => {
      const main = await atGate("await passed");
      const fatal = await kernel.start("process.abort()", {}, first).done;
      assert.equal(fatal.error?.ename, "RuntimeEnded");
      assert.equal((await main.done).error?.ename, "RuntimeEnded");
      assert.equal((await kernel.start("1 + 1", {}, first).done).result, "2");
    }));
});
