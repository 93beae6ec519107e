/**
 * Tests interrupts of cells, by message and by signal: what stops and what is kept.
 */
import assert from "node:assert/strict";
import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { until } from "../until";
import { type Answer, KernelClient, type Pending } from "./kernel-client";

/** The two ways of interrupting a kernel. */
const MEANS: Readonly<Record<string, (kernel: KernelClient) => Promise<void>>> =
  {
    interrupt_request: async (kernel) => {
      const { content } = await kernel.interrupt();
      assert.equal(content.status, "ok");
    },
    SIGINT: async (kernel) => {
      process.kill(kernel.front.pid ?? assert.fail("no process"), "SIGINT");
    },
  };

/** Waits until a cell has printed something, which shows that it is running. */
function begun(cell: Pending): Promise<unknown> {
  return cell.until(({ type }) => type === "stream");
}

function assertInterrupted({ content, error }: Answer): void {
  assert.equal(content.status, "error");
  assert.equal(content.ename, "Interrupt");
  assert.equal(error?.ename, "Interrupt");
  assert.match(String(error?.evalue), /Variables keep their values/);
}

for (const [name, interrupt] of Object.entries(MEANS)) {
  describe(`interrupted by ${name}`, () => {
    let kernel: KernelClient;
    before(async () => {
      kernel = await KernelClient.start();
    });
    after(() => kernel?.close());

    test("an endless loop stops and its variables keep their values", async () => {
      await kernel.run('const before = { kept: "yes" };');
      const cell = kernel.start(
        'let rounds = 0;\nconsole.log("begun");\nwhile (true) rounds += 1;',
      );
      await begun(cell);
      await interrupt(kernel);
      assertInterrupted(await cell.done);
      assert.equal((await kernel.run("rounds > 0")).result, "true");
      assert.equal((await kernel.run("before.kept")).result, "'yes'");
    });

    test("a cell that awaits is ended", async () => {
      const cell = kernel.start(
        'let reached = 1;\nconsole.log("begun");\nawait new Promise(() => undefined);\nreached = 2;',
      );
      await begun(cell);
      await interrupt(kernel);
      assertInterrupted(await cell.done);
      assert.equal((await kernel.run("reached")).result, "1");
    });

    test("an interrupt with nothing to stop does nothing", async () => {
      await interrupt(kernel);
      await interrupt(kernel);
      await kernel.settle();
      const { result, content } = await kernel.run("1 + 1");
      assert.equal(content.status, "ok");
      assert.equal(result, "2");
    });

    test("a training run stops with complete weights, and a later one works", async () => {
      await kernel.run(
        `import { tf } from "convnotes/engine/tensorflow";
const x = tf.randomNormal([64, 4], 0, 1, "float32", 1);
const y = tf.randomUniform([64, 1], 0, 1, "float32", 2);
const model = tf.sequential({ layers: [
  tf.layers.dense({ inputShape: [4], units: 8, activation: "relu" }),
  tf.layers.dense({ units: 1 }),
] });
model.compile({ optimizer: tf.train.adam(), loss: "meanSquaredError" });
let batches = 0;
const first = Array.from(model.getWeights()[0].dataSync());`,
      );
      const cell = kernel.start(
        `await model.fit(x, y, { epochs: 1e6, batchSize: 8, verbose: 0, callbacks: {
  onBatchEnd: () => { if (batches++ === 20) console.log("begun"); },
} });`,
      );
      await begun(cell);
      await interrupt(kernel);
      assertInterrupted(await cell.done);
      const count = (await kernel.run("batches")).result;
      // Batches that must not follow would follow within this time.
      await sleep(200);
      assert.equal((await kernel.run("batches")).result, count);
      const { result } = await kernel.run(
        `const weights = Array.from(model.getWeights()[0].dataSync());
[weights.every(Number.isFinite), weights.some((w, i) => w !== first[i])]`,
      );
      assert.equal(result, "[ true, true ]");
      const later = await kernel.run(
        `const history = await model.fit(x, y, { epochs: 2, verbose: 0 });
[history.epoch, Number.isFinite(history.history.loss[1] as number)]`,
      );
      assert.equal(later.result, "[ [ 0, 1 ], true ]");
    });

    test("a loop of tensor operations stops, and the engine's scopes are repaired", async () => {
      await kernel.run(
        'import { tf } from "convnotes/engine/tensorflow"; tf.ones([2]).dispose();',
      );
      const before = Number(
        (await kernel.run("tf.memory().numTensors")).result,
      );
      const cell = kernel.start(
        `console.log("begun");
for (;;) tf.tidy(() => { const a = tf.ones([100]); tf.grad((b: import("@tensorflow/tfjs-node").Tensor) => b.square().sum())(a); });`,
      );
      await begun(cell);
      // In the midst of the loop, at any operation.
      await sleep(300);
      await interrupt(kernel);
      assertInterrupted(await cell.done);
      const { result } = await kernel.run(
        `const left = tf.tidy(() => tf.ones([3]).add(1).sum().dataSync()[0]);
const slope = tf.tidy(() => tf.grad((b: import("@tensorflow/tfjs-node").Tensor) => b.square())(tf.scalar(3)).dataSync()[0]);
[left, slope]`,
      );
      assert.equal(result, "[ 6, 6 ]");
      const now = Number((await kernel.run("tf.memory().numTensors")).result);
      // A few tensors of the interrupted step may be left.
      assert.ok(Math.abs(now - before) < 50, `${before} -> ${now} tensors`);
      const { result: inScope } = await kernel.run(
        `const scopes = tf.engine().state as unknown as { scopeStack: unknown[]; kernelDepth: number; gradientDepth: number };
[scopes.scopeStack.length, scopes.kernelDepth, scopes.gradientDepth]`,
      );
      assert.equal(inScope, "[ 0, 0, 0 ]");
    });
  });
}

describe("an interrupt", () => {
  let kernel: KernelClient;
  before(async () => {
    kernel = await KernelClient.start();
  });
  after(() => kernel?.close());

  for (const [what, code] of [
    [
      "a loop after an await",
      'await null; console.log("begun"); while (true) {}',
    ],
    [
      "a loop that awaits resolved promises",
      'console.log("begun"); for (;;) await null;',
    ],
    [
      "a loop without braces",
      'await null; console.log("begun"); let n = 0; do n += 1; while (n > 0);',
    ],
    [
      "a loop in an async function of the cell",
      'async function spin() { await null; for (let i = 0; ; i++); }\nconsole.log("begun"); await spin();',
    ],
    [
      "a loop in a function that an async cell calls",
      'const spinOn = () => { for (let i = 0; ; i++); };\nawait null; console.log("begun"); spinOn();',
    ],
    [
      "a library's loop after an await",
      'await null; console.log("begun"); /^(a+)+$/.test("a".repeat(40) + "!");',
    ],
    [
      "a loop in a catch and a finally after an await",
      'await null; console.log("begun"); try { while (true) {} } catch { while (true) {} } finally { console.log("finally"); }',
    ],
    [
      "a loop over an infinite iterable",
      'function* all() { for (let n = 0; ; n++) yield n; }\nawait null; console.log("begun"); for (const n of all()) {}',
    ],
  ] as const) {
    test(`stops ${what}`, async () => {
      await kernel.run("const before = 7;");
      const cell = kernel.start(code);
      await begun(cell);
      await kernel.interrupt();
      const { content } = await cell.done;
      assert.equal(content.ename, "Interrupt");
      assert.equal((await kernel.run("before")).result, "7");
    });
  }

  test("an async function of an earlier cell stops, and runs normally in the next cell", async () => {
    await kernel.run(
      "async function spin(ms: number) { await null; const end = Date.now() + ms; while (Date.now() < end) {} return ms; }",
    );
    const cell = kernel.start('console.log("begun"); await spin(1e9);');
    await begun(cell);
    await kernel.interrupt();
    assert.equal((await cell.done).content.ename, "Interrupt");
    assert.equal((await kernel.run("await spin(50)")).result, "50");
  });

  test("in a tensor operation after an await leaves no scope open", async () => {
    await kernel.run('import * as tf from "@tensorflow/tfjs-node";');
    const cell = kernel.start(
      'await null; console.log("begun"); const multiply = () => tf.tidy(() => { for (;;) tf.ones([9]).mul(2); }); multiply();',
    );
    await begun(cell);
    await kernel.interrupt();
    assert.equal((await cell.done).content.ename, "Interrupt");
    const { result } = await kernel.run(
      "tf.tidy(() => { tf.ones([3]); return tf.memory().numTensors; }) - tf.memory().numTensors",
    );
    assert.equal(result, "1");
    assert.equal(
      (await kernel.run("tf.tidy(() => tf.ones([2]).sum()).dataSync()[0]"))
        .result,
      "2",
    );
  });

  test("aborts the queued cells", async () => {
    const cell = kernel.start('console.log("begun"); while (true) {}');
    const waits = [1, 2].map((n) => kernel.start(`const waited${n} = 1;`));
    await begun(cell);
    await kernel.interrupt();
    assertInterrupted(await cell.done);
    for (const { done } of waits) {
      assert.equal((await done).content.status, "aborted");
    }
  });

  test("shows the cell's own output before the error, and no frames", async () => {
    const sign = join(kernel.folder, "has printed");
    const cell = kernel.start(
      `import { writeFileSync } from "node:fs";
for (let i = 0; i < 40; i += 1) console.log(i);
writeFileSync(${JSON.stringify(sign)}, "");
while (true) {}`,
    );
    await until(() => existsSync(sign), "the output");
    await kernel.interrupt();
    const { stdout, error, outputs } = await cell.done;
    assert.equal(stdout.trim().split("\n").length, 40);
    assert.equal(outputs.at(-1)?.type, "error");
    assert.doesNotMatch(String(error?.traceback), /^\s*at /m);
  });

  for (const [what, code] of [
    ["a runaway regular expression", '/^(a+)+$/.test("a".repeat(40) + "b");'],
    [
      "a blocked thread",
      "Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);",
    ],
    ["a timer far away", "await new Promise((r) => setTimeout(r, 1e8));"],
    [
      "a loop of awaits",
      "for (;;) await new Promise((resolve) => setImmediate(resolve));",
    ],
    [
      "a catch that would hide it",
      "for (;;) { try { for (;;) {} } catch {} finally {} }",
    ],
    [
      "the display method of the result",
      '({ [Symbol.for("Jupyter.display")]() { for (;;); } })',
    ],
    ["a flood of lines", 'for (;;) console.log("line");'],
  ] as const) {
    test(`stops ${what}`, async () => {
      const cell = kernel.start(`console.log("begun");\n${code}`);
      await begun(cell);
      await kernel.interrupt();
      assert.equal((await cell.done).content.ename, "Interrupt");
      assert.equal((await kernel.run("6 * 7")).result, "42");
    });
  }

  test("is answered immediately even while the cell cannot be stopped yet", async () => {
    const sign = join(kernel.folder, "may go on");
    const cell = kernel.start(
      `console.log("begun");
import { execSync } from "node:child_process";
execSync(${JSON.stringify(`trap '' INT; until [ -e "${sign}" ]; do sleep 0.05; done`)});
const afterSleep = 1;`,
    );
    await begun(cell);
    const { content } = await kernel.interrupt();
    assert.equal(content.status, "ok");
    assert.ok(!cell.messages.some(({ type }) => type === "error"));
    // The signal has arrived by then.
    await sleep(1_000);
    writeFileSync(sign, "");
    assert.equal((await cell.done).content.ename, "Interrupt");
  });

  test("may be repeated", async () => {
    const cell = kernel.start('console.log("begun"); while (true) {}');
    await begun(cell);
    await Promise.all([1, 2, 3].map(() => kernel.interrupt()));
    assert.equal((await cell.done).content.ename, "Interrupt");
    assert.equal((await kernel.run("1")).result, "1");
  });

  test("repeated three times in quick succession stops the cell and keeps its variables", async () => {
    await kernel.run("const kept = 41;");
    const runtime = kernel.runtimePid;
    const cells = [
      "while (true) {}",
      "await new Promise(() => undefined);",
      "for (;;) await null;",
    ];
    for (let sweep = 0; sweep < 36; sweep += 1) {
      const cell = kernel.start(cells[sweep % cells.length]!);
      await cell.until(({ type }) => type === "execute_input");
      // The pauses differ, to meet the cell and the earlier signals in every state.
      await sleep(sweep % 12);
      for (const pause of [sweep % 5, sweep % 3, 0]) {
        kernel.front.kill("SIGINT");
        await sleep(pause);
      }
      const { content } = await cell.done;
      assert.equal(content.ename, "Interrupt", `sweep ${sweep}`);
    }
    assert.equal((await kernel.run("kept + 1")).result, "42");
    assert.equal(kernel.runtimePid, runtime);
  });

  test("stops a cell before it runs and just as it begins", async () => {
    const started = performance.now();
    const probe = kernel.start('console.log("begun");');
    await begun(probe);
    const whole = performance.now() - started;
    await probe.done;
    for (let part = 0; part <= 1.2; part += 0.08) {
      const cell = kernel.start("while (true) {}");
      const sent = performance.now();
      while (performance.now() - sent < part * whole) {
        await new Promise((resolve) => setImmediate(resolve));
      }
      await cell.until(({ type }) => type === "execute_input");
      await kernel.interrupt();
      assert.equal((await cell.done).content.ename, "Interrupt");
    }
  });

  test("just as the cell ends does not lose variables", async (t) => {
    await kernel.run("const kept = 41;");
    const runtime = kernel.runtimePid;
    const ends: Record<string, number> = {};
    // Adjusts the cell's duration in steps to the longest that is not interrupted.
    let milliseconds = 72;
    for (let attempt = 0; attempt < 100; attempt += 1) {
      const cell = kernel.start(
        `console.log("begun"); { const end = performance.now() + ${milliseconds}; while (performance.now() < end); }`,
      );
      await begun(cell);
      await kernel.interrupt();
      const { content } = await cell.done;
      const end = String(content.ename ?? content.status);
      ends[end] = (ends[end] ?? 0) + 1;
      milliseconds += end === "ok" ? 0.3 : -0.3;
    }
    t.diagnostic(JSON.stringify(ends));
    assert.deepEqual(Object.keys(ends).sort(), ["Interrupt", "ok"]);
    assert.equal(kernel.runtimePid, runtime);
    assert.equal((await kernel.run("kept + 1")).result, "42");
  });

  test("does not affect the next cell", async () => {
    for (let i = 0; i < 5; i += 1) {
      const cell = kernel.start('console.log("begun"); while (true) {}');
      await begun(cell);
      await kernel.interrupt();
      await cell.done;
      // A late interrupt would arrive within this time.
      const { content } = await kernel.run(
        "await new Promise((resolve) => setTimeout(resolve, 400));",
      );
      assert.equal(content.status, "ok");
    }
  });

  test("stops a training run on a data set, too", async () => {
    await kernel.run(
      `import { tf } from "convnotes/engine/tensorflow";
const line = tf.sequential({ layers: [tf.layers.dense({ inputShape: [1], units: 1 })] });
line.compile({ optimizer: "sgd", loss: "meanSquaredError" });
const data = tf.data.generator(function* () { for (let i = 0; i < 8; i += 1) yield { xs: [i], ys: [i] }; }).batch(4);`,
    );
    const cell = kernel.start(
      `await line.fitDataset(data, { epochs: 1e6, verbose: 0, callbacks: { onEpochEnd: (epoch) => { if (epoch === 2) console.log("begun"); } } });`,
    );
    await begun(cell);
    await kernel.interrupt();
    assertInterrupted(await cell.done);
    const { result } = await kernel.run(
      "(await line.fitDataset(data, { epochs: 1, verbose: 0 })).epoch",
    );
    assert.equal(result, "[ 0 ]");
  });
});
