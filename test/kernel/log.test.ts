/**
 * Tests the log of the kernel's processes, which `CONVNOTES_LOG=debug` turns on.
 */
import assert from "node:assert/strict";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { until } from "../until";
import { KernelClient } from "./kernel-client";

/** Returns the lines of a log: the process, its id and the text. */
function linesOf(text: string): { part: string; id: number; what: string }[] {
  const line = /^\d{4}-\d\d-\d\dT[\d:.]+Z (\w+) (\d+) (.*)$/;
  return text.split("\n").flatMap((each) => {
    const [, part, id, what] = line.exec(each) ?? [];
    return part === undefined ? [] : [{ part, id: Number(id), what: what! }];
  });
}

describe("the log on standard error", () => {
  let kernel: KernelClient;
  before(async () => {
    kernel = await KernelClient.start({
      variables: { CONVNOTES_LOG: "debug" },
    });
  });
  after(() => kernel?.close());

  /** Waits for a line of a process. Returns the id of the process. */
  function written(part: string, what: RegExp): Promise<number> {
    return until(
      () =>
        linesOf(kernel.log).find(
          (line) => line.part === part && what.test(line.what),
        )?.id,
      () => `${part} ${what} in ${kernel.log}`,
    );
  }

  /** Runs a cell, in whose output there must be no lines of the log. */
  async function run(code: string): Promise<void> {
    const { stderr } = await kernel.run(code);
    assert.equal(stderr, "");
  }

  test("has requests, compilations and runs with their milliseconds and processes", async () => {
    await run("const first = 1;\nfirst + 1");
    const took = String.raw`\d+\.\d ms`;
    const front = written("front", RegExp(`^request execute_request ${took}$`));
    const compiler = written(
      "compiler",
      RegExp(`^compile "const first = 1;" ${took} cached$`),
    );
    const runtime = written("runtime", RegExp(`^run In\\[1\\] ${took} ok$`));
    assert.equal(await front, kernel.front.pid);
    assert.equal(await compiler, kernel.compilerPid);
    assert.equal(await runtime, kernel.runtimePid);
    await kernel.settle();
    await written("front", RegExp(`^request kernel_info_request ${took}$`));
  });

  test("says when a cell has errors", async () => {
    await kernel.execute("first.nothing");
    await written("compiler", /^compile "first\.nothing" .* cached, 1 errors$/);
  });

  test("has other requests and messages to the runtime", async () => {
    await kernel.request("complete_request", { code: "fir", cursor_pos: 3 });
    await kernel.execute("throw new Error('no')");
    await kernel.interrupt();
    await written("compiler", /^complete "fir" /);
    await written("runtime", /^run In\[\d+\] .* error$/);
    await written("front", /^request interrupt_request /);
    await written("runtime", /^interrupt /);
  });

  test("has the decisions of the engine, which are not in the cell", async () => {
    await run(`
      import { tf } from "convnotes/engine";
      const model = tf.sequential({
        layers: [tf.layers.dense({ units: 1, inputShape: [2] })],
      });
      model.compile({ optimizer: "sgd", loss: "meanSquaredError" });
      await model.fit(tf.ones([8, 2]), tf.ones([8, 1]), { verbose: 0 });
    `);
    const id = await written("engine", /^training step .*: /);
    assert.equal(id, kernel.runtimePid);
    // The first import of a package needs a new program.
    await written("compiler", /^compile "import { tf } .* new program$/);
  });
});

describe("the log elsewhere", () => {
  test("is in the file that the environment names", async () => {
    const folder = mkdtempSync(join(tmpdir(), "convnotes-log-"));
    const file = join(folder, "log.txt");
    const kernel = await KernelClient.start({
      variables: { CONVNOTES_LOG: "debug", CONVNOTES_LOG_FILE: file },
    });
    try {
      await kernel.run("1 + 1");
      const text = () => readFileSync(file, "utf8");
      for (const part of ["front", "compiler", "runtime"]) {
        await until(
          () => linesOf(text()).find((line) => line.part === part),
          () => `${part} in ${text()}`,
        );
      }
      assert.deepEqual(linesOf(kernel.log), []);
    } finally {
      await kernel.close();
      rmSync(folder, { recursive: true });
    }
  });

  test("is nowhere without the variable", async () => {
    const folder = mkdtempSync(join(tmpdir(), "convnotes-log-"));
    const file = join(folder, "log.txt");
    const kernel = await KernelClient.start({
      variables: { CONVNOTES_LOG: "", CONVNOTES_LOG_FILE: file },
    });
    try {
      await kernel.run("1 + 1");
      assert.deepEqual(linesOf(kernel.log), []);
      assert.equal(existsSync(file), false);
    } finally {
      await kernel.close();
      rmSync(folder, { recursive: true });
    }
  });
});
