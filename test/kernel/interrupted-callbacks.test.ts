/**
 * Tests interrupts of code that Node calls, such as timers, ticks, promise reactions and listeners:
 * of the running cell, of ended cells, and of a cell that ended before a waiting one.
 */
import assert from "node:assert/strict";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { KernelClient, withoutColors } from "./kernel-client";
import { ProjectFolder } from "./project-folder";

const LOOP = 'console.log("begun"); while (true) {}';

/** Sources of cells whose callbacks loop, by the caller of the callback. */
const CALLERS: Readonly<Record<string, string>> = {
  setTimeout: `setTimeout(() => { ${LOOP} }, 1);`,
  setInterval: `setInterval(() => { ${LOOP} }, 1);`,
  setImmediate: `setImmediate(() => { ${LOOP} });`,
  queueMicrotask: `queueMicrotask(() => { ${LOOP} });`,
  nextTick: `process.nextTick(() => { ${LOOP} });`,
  "a recursive tick": `let n = 0; const next = () => { if (n++ === 9) console.log("begun"); process.nextTick(next); }; next();`,
  "a recursive microtask": `let n = 0; const next = () => { if (n++ === 9) console.log("begun"); queueMicrotask(next); }; next();`,
  "an event that a timer emits": `const events: import("node:events").EventEmitter = new (require("node:events"))(); events.on("end", () => { ${LOOP} }); setTimeout(() => events.emit("end"), 1);`,
  "AbortSignal.timeout": `AbortSignal.timeout(1).addEventListener("abort", () => { ${LOOP} });`,
  "a library in a timer": `setTimeout(() => { console.log("begun"); /^(a+)+$/.test("a".repeat(40) + "!"); }, 1);`,
  "a promise reaction": `void Promise.resolve().then(() => { ${LOOP} });`,
  "timers/promises": `void require("node:timers/promises").setTimeout(1).then(() => { ${LOOP} });`,
  "a generator": `setTimeout(() => { function* all() { for (;;) yield 1; } console.log("begun"); for (const each of all()) void each; }, 1);`,
  "a getter": `setTimeout(() => { const all = { get each(): number { ${LOOP} } }; void all.each; }, 1);`,
  "an async iterator": `async function* all() { for (;;) yield 1; } console.log("begun"); void (async () => { for await (const each of all()) void each; })();`,
  fs: `require("node:fs").readFile(process.execPath, () => { ${LOOP} });`,
  "an http server": `const server = require("node:http").createServer(() => { ${LOOP} }); server.listen(0, () => require("node:http").get({ port: server.address().port }).on("error", () => 0));`,
  "a worker": `const { Worker: Thread } = require("node:worker_threads"); new Thread("require('worker_threads').parentPort.postMessage(1)", { eval: true }).on("message", () => { ${LOOP} });`,
  "a child process": `require("node:child_process").execFile("true", () => { ${LOOP} });`,
  "a message port": `const { port1, port2 } = new MessageChannel(); port1.on("message", () => { ${LOOP} }); port2.postMessage(1);`,
  "an event target": `const target = new EventTarget(); target.addEventListener("end", () => { ${LOOP} }); setTimeout(() => target.dispatchEvent(new Event("end")), 1);`,
  "a stream": `require("node:stream").Readable.from(["a"]).on("data", () => { ${LOOP} });`,
  "a catch and a finally": `setTimeout(() => { console.log("begun"); for (;;) { try { for (;;); } catch { for (;;); } finally { for (;;); } } }, 1);`,
  "a blocked thread in a timer": `setTimeout(() => { console.log("begun"); Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0); }, 1);`,
  FinalizationRegistry: `const registry = new FinalizationRegistry(() => { ${LOOP} }); (() => registry.register({}, 1))(); require("node:v8").setFlagsFromString("--expose-gc"); setTimeout(() => require("node:vm").runInNewContext("gc")(), 1); Object.assign(globalThis, { registry });`,
};

/** How long to wait for the end of a cell, in milliseconds, unless its callback loops first. */
const END_MILLISECONDS = 1000;

describe("an interrupt of callbacks", () => {
  let kernel: KernelClient;
  let runtime: number | undefined;
  before(async () => {
    kernel = await KernelClient.start();
    await kernel.run("let kept = 41;");
    runtime = kernel.runtimePid;
  });
  after(() => kernel?.close());

  /** Starts a cell and waits until its callback loops. */
  async function loop(code: string) {
    const from = kernel.iopub.length;
    const cell = kernel.start(code);
    await kernel.until(() =>
      kernel.iopub
        .slice(from)
        .find(({ content }) => /^begun/m.test(`${content.text}`)),
    );
    return cell;
  }

  async function assertKept() {
    assert.equal((await kernel.run("kept")).result, "41");
    assert.equal(kernel.runtimePid, runtime);
  }

  for (const [caller, code] of Object.entries(CALLERS)) {
    test(`${caller}: stops it in a waiting cell`, async () => {
      const cell = await loop(`{ ${code} await new Promise(() => 0); }`);
      await kernel.interrupt();
      const { error, content, stderr } = await cell.done;
      assert.equal(content.ename, "Interrupt");
      assert.match(String(error?.evalue), /Variables keep their values/);
      assert.doesNotMatch(String(error?.traceback), /^\s*at /m);
      assert.equal(stderr, "");
      await assertKept();
    });

    test(`${caller}: stops it after its cell has ended, and reports it there`, async () => {
      const cell = await loop(`{ ${code} }`);
      await Promise.race([cell.done, sleep(END_MILLISECONDS)]);
      const from = kernel.iopub.length;
      await kernel.interrupt();
      const message = await kernel.until(() =>
        kernel.iopub.slice(from).find(({ type, content }) => {
          const text = type === "error" ? content.evalue : content.text;
          return /was interrupted/.test(String(text));
        }),
      );
      // A registry's callbacks belong to no cell.
      if (caller !== "FinalizationRegistry") {
        assert.equal(message.parentHeader.msg_id, cell.id);
      }
      if (message.type === "stream") {
        assert.match(
          withoutColors(String(message.content.text)),
          /^Interrupt: .*\n$/,
        );
      }
      await cell.done;
      await assertKept();
    });
  }

  test("stops a timer of an ended cell that keeps a later cell from running", async () => {
    const folder = new ProjectFolder();
    const go = join(folder.path, "go");
    // The test starts the loop, so that the cell has ended by then on any machine.
    const ended = kernel.start(
      `{ const timer = setInterval(() => { if (require("node:fs").existsSync(${JSON.stringify(go)})) { clearInterval(timer); ${LOOP} } }, 5); }`,
    );
    await ended.done;
    folder.write("go", "");
    await kernel.until(() =>
      kernel.iopub.find(
        ({ content, parentHeader }) =>
          parentHeader.msg_id === ended.id && content.text === "begun\n",
      ),
    );
    folder.remove();
    const later = kernel.start("kept + 1");
    await later.until(({ type }) => type === "execute_input");
    await kernel.interrupt();
    assert.equal((await later.done).content.ename, "Interrupt");
    await assertKept();
  });

  test("keeps the timers and immediates after it", async () => {
    const cell = await loop(
      `let others: string[] = [];
setTimeout(() => others.push("later"), 5);
setImmediate(() => { ${LOOP} });
setImmediate(() => others.push("second"));
setImmediate((name: string) => others.push(name), "third");`,
    );
    await kernel.interrupt();
    await cell.done;
    const { result } = await kernel.run(
      "while (others.length < 3) await new Promise((r) => setTimeout(r, 5)); others.sort()",
    );
    assert.equal(result, "[ 'later', 'second', 'third' ]");
    // An immediate that is counted but never run keeps the event loop busy.
    const { result: pending } = await kernel.run(
      `await new Promise((r) => setTimeout(r, 5)); process.getActiveResourcesInfo().filter((name) => name === "Immediate").length`,
    );
    assert.equal(pending, "0");
  });

  test("repeated often never loses variables, in any code", async () => {
    const cells = ["setTimeout", "queueMicrotask", "nextTick", "fs"].map(
      (caller) => `{ ${CALLERS[caller]} await new Promise(() => 0); }`,
    );
    for (let round = 0; round < 12; round += 1) {
      const cell = await loop(cells[round % cells.length]!);
      await Promise.all([1, 2, 3].map(() => kernel.interrupt()));
      assert.equal((await cell.done).content.ename, "Interrupt");
    }
    await assertKept();
  });

  test("ends a comm listener, and its message is handled", async () => {
    const { result } = await kernel.run(
      `const host = (globalThis as any)[Symbol.for("convnotes.notebook")];
const comm = host.openComm("loops", {}); comm.onMessage(() => { ${LOOP} }); comm.id as string`,
    );
    const from = kernel.iopub.length;
    const sent = kernel.send(
      "comm_msg",
      { comm_id: result!.slice(1, -1), data: {} },
      "shell",
      { replies: false },
    );
    await kernel.until(() =>
      kernel.iopub
        .slice(from)
        .find(({ content }) => /^begun/.test(`${content.text}`)),
    );
    await kernel.interrupt();
    await sent.done;
    await assertKept();
  });
});
