/**
 * Tests what happens when code has stopped: steps, pauses, exceptions, interrupts and the ends of
 * sessions.
 */
import assert from "node:assert/strict";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { KernelClient } from "../kernel-client";
import { ProjectFolder } from "../project-folder";
import { DebugClient } from "./debug-client";

describe("stopped code", () => {
  const folder = new ProjectFolder({ "package.json": '{ "name": "p" }' });
  const library = join(folder.path, "node_modules", "library");
  mkdirSync(library, { recursive: true });
  writeFileSync(
    join(library, "package.json"),
    '{ "name": "library", "types": "index.d.ts" }',
  );
  writeFileSync(
    join(library, "index.d.ts"),
    "export declare function plus(value: number): number;\n",
  );
  writeFileSync(
    join(library, "index.js"),
    "exports.plus = function plus(value) {\n  const more = value + 1;\n  return more;\n};\n",
  );
  let kernel: KernelClient;
  let client: DebugClient;
  before(async () => {
    kernel = await KernelClient.start({ folder: folder.path });
    client = new DebugClient(kernel);
    await kernel.run("function twice(x: number) {\n  return x * 2;\n}");
    await client.attach();
  });
  after(() => kernel?.close());

  test("steps go to the next line, into a function and out of it, and end with the cell", async () => {
    const code =
      "let value = 1;\nvalue = twice(value);\nvalue += 1;\nawait null;\nvalue";
    await client.breakIn(code, 2);
    const cell = kernel.start(code);
    const lineAfter = async (command: string) => {
      await client.ask(command, { threadId: 1 });
      const [frame] = await client.stopped("step");
      return [frame?.name, frame?.line];
    };
    const [frame] = await client.stopped("breakpoint");
    const name = frame?.name;
    assert.deepEqual(await lineAfter("stepIn"), ["twice", 2]);
    // V8 may stop in the rest of the calling line, too.
    let [outer, line] = await lineAfter("stepOut");
    if (line === 2) [outer, line] = await lineAfter("next");
    assert.deepEqual([outer, line], [name, 3]);
    assert.deepEqual(await lineAfter("next"), [name, 4]);
    assert.deepEqual(await lineAfter("next"), [name, 5]);
    // It leads out of the cell.
    for (let step = 0; step < 2; step += 1) {
      const { success } = await client.request("next", { threadId: 1 });
      if (!success) break;
      await client.event("continued").catch(() => undefined);
      if ((await client.frames()).length === 0) break;
    }
    assert.equal((await cell.done).result, "3");
    const next = await kernel.run("const other = twice(4);\nother");
    assert.equal(next.result, "8");
  });

  test("a step leads into a package", async () => {
    const code = 'import { plus } from "library";\nconst six = plus(5);\nsix';
    await client.breakIn(code, 2);
    const cell = kernel.start(code);
    await client.stopped("breakpoint");
    await client.ask("stepIn", { threadId: 1 });
    const [frame] = await client.stopped("step");
    assert.equal(frame?.source.path, join(library, "index.js"));
    assert.equal(frame.line, 2);
    const { content } = await client.ask("source", { source: frame.source });
    assert.match(String(content), /exports\.plus/);
    const { modules } = await client.ask<{ modules: { path: string }[] }>(
      "modules",
    );
    assert.ok(modules.some(({ path }) => path === frame.source.path));
    await client.resume();
    assert.equal((await cell.done).result, "6");
  });

  test("an endless loop pauses, and goes on", async () => {
    await kernel.run("let isDone = false; let rounds = 0;");
    const cell = kernel.start(
      'console.log("begun");\nwhile (!isDone) rounds += 1;',
    );
    await cell.until(({ type }) => type === "stream");
    await client.ask("pause", { threadId: 1 });
    const [frame] = await client.stopped("pause");
    assert.equal(frame?.line, 2);
    assert.ok(Number(await client.evaluate("rounds", frame)) > 0);
    assert.equal(await client.evaluate("isDone = true", frame), "true");
    await client.resume();
    assert.equal((await cell.done).content.status, "ok");
  });

  test("paused code does not block completion, and an interrupt ends it at once", async () => {
    const code =
      'let reached = "before";\nreached = "after";\nconsole.log("not reached");';
    await client.breakIn(code, 2);
    const cell = kernel.start(code);
    await client.stopped("breakpoint");
    const { content } = await kernel.request("complete_request", {
      code: "twi",
      cursor_pos: 3,
    });
    assert.deepEqual(content.matches, ["twice"]);
    await kernel.interrupt();
    const { error, stdout } = await cell.done;
    assert.equal(error?.ename, "Interrupt");
    assert.equal(stdout, "");
    await client.event("continued");
    assert.equal((await kernel.run("reached")).result, "'before'");
  });

  test("an interrupt ends code that is paused behind an await", async () => {
    const code =
      'let state = "before";\nawait null;\nstate = "after";\nconsole.log("not reached");';
    await client.breakIn(code, 3);
    const cell = kernel.start(code);
    await client.stopped("breakpoint");
    await kernel.interrupt();
    const { error, stdout } = await cell.done;
    assert.equal(error?.ename, "Interrupt");
    assert.equal(stdout, "");
    assert.equal((await kernel.run("state")).result, "'before'");
    assert.equal((await kernel.run("await Promise.resolve(7)")).result, "7");
  });

  test("stops at exceptions, caught or not", async () => {
    const code = `function fail(text: string): never {
  throw new RangeError(text);
}
try {
  fail("caught");
} catch {}
await null;
fail("uncaught");`;
    await client.ask("setExceptionBreakpoints", { filters: ["uncaught"] });
    const uncaught = kernel.start(code);
    const [frame, outer] = await client.stopped("exception");
    assert.deepEqual([frame?.line, outer?.line], [2, 8]);
    const info = await client.ask("exceptionInfo", { threadId: 1 });
    assert.equal(info.exceptionId, "RangeError");
    assert.equal(info.description, "uncaught");
    assert.equal(info.breakMode, "unhandled");
    await client.resume();
    assert.equal((await uncaught.done).error?.evalue, "uncaught");
    await client.ask("setExceptionBreakpoints", { filters: ["caught"] });
    const caught = kernel.start(code);
    const [, caller] = await client.stopped("exception");
    assert.equal(caller?.line, 5);
    await client.resume();
    assert.equal((await caught.done).error?.evalue, "uncaught");
    await client.ask("setExceptionBreakpoints", { filters: [] });
    assert.equal((await kernel.execute(code)).error?.evalue, "uncaught");
  });

  test("disconnecting resumes the code and removes the breakpoints", async () => {
    const code = "const first = 1;\nfirst + 1";
    await client.breakIn(code, 2);
    const cell = kernel.start(code);
    await client.stopped("breakpoint");
    await client.ask("disconnect", { restart: false });
    await client.event("terminated");
    assert.equal((await cell.done).result, "2");
    assert.equal((await kernel.run(code)).result, "2");
    const info = await client.ask("debugInfo");
    assert.equal(info.isStarted, false);
    assert.deepEqual([info.breakpoints, info.stoppedThreads], [[], []]);
    assert.match(await client.fail("dumpCell", { code }), /initialize/);
    assert.match(await client.fail("nonsense"), /command of the debugger/);
  });

  test("a kernel restarts while code is paused", async () => {
    await client.attach();
    const code = "const last = 1;\nlast + 1";
    await client.breakIn(code, 2);
    kernel.start(code).done.catch(() => undefined);
    await client.stopped("breakpoint");
    const { content } = await kernel.shutdown(true);
    assert.deepEqual(content, { status: "ok", restart: true });
    assert.equal((await kernel.ended).code, 0);
  });
});
