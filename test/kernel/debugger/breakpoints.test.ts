/**
 * Tests breakpoints of the debugger: in cells and files, with conditions, and where code runs.
 */
import assert from "node:assert/strict";
import { join } from "node:path";
import { after, afterEach, before, describe, test } from "node:test";
import { murmur2 } from "../../../kernel/debugger/murmur2";
import { KernelClient } from "../kernel-client";
import { ProjectFolder } from "../project-folder";
import { DebugClient } from "./debug-client";

test("the hash of a cell's code is that of ipykernel", () => {
  // ipykernel.compiler.murmur2_x86(text, 0xC70F6907)
  for (const [text, hash] of [
    ["", 3990065800],
    ["a", 2167009006],
    ["ab", 2805137849],
    ["abc", 3350977461],
    ["abcd", 804720481],
    ["const x = 1;\nx", 552911769],
    ["größe → 3 ✓", 698438398],
  ] as const) {
    assert.equal(murmur2(text, 0xc70f6907), hash, text);
  }
});

describe("breakpoints", () => {
  const folder = new ProjectFolder({
    "shared.mts": `import { half } from "./deeper.mjs";
export function twice(value: number): number {
  const result: number = value * 2;
  return half(result) * 2;
}
`,
    "deeper.mts":
      "// A comment.\nexport function half(value: number): number {\n  return value / 2;\n}\n",
    "common.cts":
      "interface Pair { a: number }\nexport function sum(pair: Pair): number {\n  const { a } = pair;\n  return a + 1;\n}\n",
  });
  let kernel: KernelClient;
  let client: DebugClient;
  before(async () => {
    kernel = await KernelClient.start({ folder: folder.path });
    client = new DebugClient(kernel);
    await kernel.run(
      `const rate = 0.5;
function scaled(value: number): number {
  const result = value * rate;
  return result;
}
const square = (value: number) => value * value;`,
    );
    await client.attach();
  });
  after(() => kernel?.close());
  afterEach(async () => {
    const { breakpoints } = await client.ask<{
      breakpoints: { source: string }[];
    }>("debugInfo");
    for (const { source } of breakpoints) await client.breakAt(source);
  });

  test("a session has begun", async () => {
    const info = await client.ask("debugInfo");
    assert.equal(info.isStarted, true);
    assert.deepEqual(info.stoppedThreads, []);
    assert.equal(info.hashMethod, "Murmur2");
    const { threads } = await client.ask<{ threads: unknown[] }>("threads");
    assert.deepEqual(threads, [{ id: 1, name: "Main thread" }]);
    await client.ask("configurationDone");
  });

  test("a cell stops at its lines of TypeScript, with leading lines, in a loop", async () => {
    const code = `

// Adds numbers.
interface Unused { field: string }
let total: number = 0;
for (let index = 0; index < 2; index += 1) {
  const step: number = scaled(index as number);
  total += step;
}
total`;
    const { path, breakpoints } = await client.breakIn(code, 1, 8, 99);
    assert.deepEqual(
      breakpoints.map(({ verified, line }) => [verified, line]),
      [
        [true, 5],
        [true, 8],
        [false, 99],
      ],
    );
    const info = await client.ask<{
      breakpoints: { source: string; breakpoints: { line: number }[] }[];
    }>("debugInfo");
    assert.deepEqual(
      info.breakpoints.map(({ source }) => source),
      [path],
    );
    const cell = kernel.start(code);
    const [first] = await client.stopped("breakpoint");
    assert.equal(first?.line, 5);
    assert.equal(first.source.path, path);
    assert.deepEqual((await client.ask("debugInfo")).stoppedThreads, [1]);
    await client.resume();
    await client.event("continued");
    for (const [index, step] of [
      ["0", "0"],
      ["1", "0.5"],
    ] as const) {
      const [frame, ...others] = await client.stopped("breakpoint");
      assert.equal(frame?.line, 8);
      assert.deepEqual(others, []);
      assert.deepEqual(await client.scope(frame, "Locals"), { step, index });
      await client.resume();
    }
    assert.equal((await cell.done).result, "0.5");
  });

  test("a function of an earlier cell stops, and names of cells are shown", async () => {
    const code = `const rate = 0.5;
function scaled(value: number): number {
  const result = value * rate;
  return result;
}
const square = (value: number) => value * value;`;
    await client.breakIn(code, 4, 6);
    const cell = kernel.start(
      "const three = 3;\nscaled(three) + square(three)",
    );
    const [inner, outer] = await client.stopped("breakpoint");
    assert.deepEqual([inner?.name, inner?.line], ["scaled", 4]);
    assert.equal(outer?.line, 2);
    assert.deepEqual(await client.scope(inner!, "Locals"), {
      value: "3",
      result: "1.5",
    });
    const globals = await client.scope(outer, "Globals");
    assert.equal(globals.rate, "0.5");
    assert.equal(globals.three, "3");
    assert.equal(globals.square, "ƒ square()");
    await client.resume();
    const [arrow] = await client.stopped("breakpoint");
    assert.deepEqual([arrow?.name, arrow?.line], ["square", 6]);
    await client.resume();
    assert.equal((await cell.done).result, "10.5");
  });

  test("an asynchronous cell stops after an await", async () => {
    const code = `const waited = await Promise.resolve(20);
for (const each of [1, 2]) {
  await null;
  const sum = waited + each;
  console.log(sum);
}`;
    await client.breakIn(code, 5);
    const cell = kernel.start(code);
    for (const sum of ["21", "22"]) {
      const [frame] = await client.stopped("breakpoint");
      assert.equal(frame?.line, 5);
      assert.equal((await client.scope(frame, "Locals")).sum, sum);
      await client.resume();
    }
    assert.equal((await cell.done).stdout, "21\n22\n");
  });

  test("files stop before and after they are loaded, ES modules and CommonJS", async () => {
    const shared = join(folder.path, "shared.mts");
    const deeper = join(folder.path, "deeper.mts");
    const common = join(folder.path, "common.cts");
    assert.deepEqual(
      (await client.breakAt(shared, 3)).map(({ line }) => line),
      [3],
    );
    assert.equal((await client.breakAt(deeper, 1))[0]?.line, 3);
    await client.breakAt(common, 4);
    const code =
      'import { twice } from "./shared.mjs";\nimport { sum } from "./common.cjs";\ntwice(4) + sum({ a: 1 })';
    const cell = kernel.start(code);
    for (const [path, line, local, value] of [
      [shared, 3, "value", "4"],
      [deeper, 3, "value", "8"],
      [common, 4, "a", "1"],
    ] as const) {
      const [frame] = await client.stopped("breakpoint");
      assert.equal(frame?.source.path, path);
      assert.equal(frame.line, line);
      assert.equal((await client.scope(frame, "Locals"))[local], value);
      await client.resume();
    }
    assert.equal((await cell.done).result, "10");
    await client.breakAt(deeper);
    await client.breakAt(common);
    await client.breakAt(shared, 4);
    const again = kernel.start("twice(5)");
    assert.equal((await client.stopped("breakpoint"))[0]?.line, 4);
    await client.resume();
    assert.equal((await again.done).result, "10");
    const { content } = await client.ask("source", {
      source: { path: shared },
    });
    assert.match(String(content), /export function twice/);
  });

  test("conditions use local names and those of cells", async () => {
    const code = `let sum = 0;
for (let index = 0; index < 100; index += 1) {
  const rate = index * 2;
  sum += rate;
}
sum`;
    const condition = "(index as number) > 40 && rate === 2 * index && sum > 0";
    await client.breakIn(code, { line: 4, condition });
    const cell = kernel.start(code);
    const [frame] = await client.stopped("breakpoint");
    assert.equal((await client.scope(frame!, "Locals")).index, "41");
    await client.breakIn(code);
    await client.resume();
    assert.equal((await cell.done).result, "9900");
  });

  test("hit counts, logpoints and conditions that fail", async () => {
    const code = "let hits = 0;\nwhile (hits < 5) {\n  hits += 1;\n}\nhits";
    await client.breakIn(code, { line: 3, hitCondition: "% 2" });
    const counted = kernel.start(code);
    for (const hits of ["1", "3"]) {
      const [frame] = await client.stopped("breakpoint");
      assert.equal((await client.scope(frame!, "Globals")).hits, hits);
      await client.resume();
    }
    await counted.done;
    await client.breakIn(code, {
      line: 3,
      condition: "hits > 2",
      logMessage: "at {hits + 1} of {[5]}",
    });
    const { stdout } = await kernel.run(code);
    assert.equal(stdout, "at 4 of [ 5 ]\nat 5 of [ 5 ]\n");
    assert.equal((await client.event("output")).output, "at 4 of [ 5 ]\n");
    await client.breakIn(code, { line: 3, condition: "missing.field" });
    const failing = kernel.start(code);
    await client.stopped("breakpoint");
    await client.breakIn(code);
    await client.resume();
    assert.match((await failing.done).stdout, /missing is not defined/);
    const { breakpoints } = await client.breakIn(code, {
      line: 3,
      hitCondition: "often",
    });
    assert.equal(breakpoints[0]?.verified, false);
    assert.match(String(breakpoints[0]?.message), /hit condition.*often/);
  });

  test("a breakpoint of an unknown text is not verified", async () => {
    const [breakpoint] = await client.breakAt(join(folder.path, "none.ts"), 1);
    assert.equal(breakpoint?.verified, false);
    assert.match(String(breakpoint.message), /Expected a cell or a file/);
  });

  test("breakpoints work in a runtime that replaces an ended one", async () => {
    const code = "const before = 1;\nbefore + 1";
    await client.breakIn(code, 2);
    assert.match(
      String((await kernel.execute("process.abort();")).error?.evalue),
      /was killed by SIGABRT/,
    );
    const cell = kernel.start(code);
    assert.equal((await client.stopped("breakpoint"))[0]?.line, 2);
    await client.resume();
    assert.equal((await cell.done).result, "2");
  });
});
