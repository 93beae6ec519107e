/**
 * Tests the process that checks cells: during a long check, when it is interrupted, and when it
 * crashes.
 */
import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { until } from "../until";
import { KernelClient, type Pending } from "./kernel-client";

/** A cell whose types take minutes to check, and more memory than is available. */
const LONG = [
  'type Long<K, N extends unknown[] = []> = N["length"] extends 900 ? N : Long<K, [...N, K]>;',
  ...Array.from(
    { length: 300 },
    (_, index) => `const long${index}: Long<${index}>["length"] = 900;`,
  ),
].join("\n");

/**
 * Starts the cell and waits until it is being checked. No message marks the start of the check, but
 * the check takes far longer than this.
 */
async function startLong(kernel: KernelClient): Promise<Pending> {
  const cell = kernel.start(LONG);
  await cell.until(({ type }) => type === "execute_input");
  await sleep(1_000);
  return cell;
}

describe("a long check", () => {
  let kernel: KernelClient;
  let runtime: number | undefined;
  before(async () => {
    kernel = await KernelClient.start();
    await kernel.run("const kept = { n: 41 }; type Kept = typeof kept;");
    await kernel.run("const same: Kept = kept;");
    runtime = kernel.runtimePid;
  });
  after(() => kernel?.close());

  test("is stopped by an interrupt; earlier cells stay known and variables keep their values", async () => {
    const cell = await startLong(kernel);
    await kernel.interrupt();
    const { content, error } = await cell.done;
    assert.equal(content.ename, "Interrupt");
    assert.match(String(error?.evalue), /Variables keep their values/);
    assert.equal(
      (await kernel.run("const again: Kept = same; again.n")).result,
      "41",
    );
    const { error: wrong } = await kernel.execute("const no: string = kept");
    assert.match(String(wrong?.evalue), /TS2322/);
    const { error: none } = await kernel.execute("long0");
    assert.match(String(none?.evalue), /TS2304/);
    assert.equal(kernel.runtimePid, runtime);
  });

  test("delays editor requests by a few seconds at most, and the newest one is answered afterwards", async () => {
    const ask = () =>
      kernel.request("complete_request", { code: "kept.", cursor_pos: 5 });
    const cell = await startLong(kernel);
    // A newer request replaces a waiting one, and the wait is limited.
    const matches = (await Promise.all([ask(), ask(), ask()])).map(
      ({ content }) => [content.status, content.matches],
    );
    assert.deepEqual(matches, Array(3).fill(["ok", []]));
    const [found, whole] = await Promise.all([
      kernel.request("inspect_request", { code: "kept", cursor_pos: 2 }),
      kernel.request("is_complete_request", { code: "f(" }),
    ]);
    assert.equal(found.content.found, false);
    assert.equal(whole.content.status, "unknown");
    const later = ask();
    await kernel.interrupt();
    assert.equal((await cell.done).content.ename, "Interrupt");
    await later;
    assert.deepEqual((await ask()).content.matches, ["n"]);
  });

  test("is stopped only once by repeated interrupts", async () => {
    const cell = await startLong(kernel);
    await Promise.all([1, 2, 3].map(() => kernel.interrupt()));
    assert.equal((await cell.done).content.ename, "Interrupt");
    assert.equal((await kernel.run("kept.n")).result, "41");
  });
});

describe("a check that crashes its process", () => {
  test("fails its cell with the reason and does not affect the others", async () => {
    const kernel = await KernelClient.start({
      variables: { CONVNOTES_COMPILER_MEMORY: "250" },
    });
    try {
      await kernel.run("const kept = 41; type Kept = typeof kept;");
      for (let time = 0; time < 2; time += 1) {
        const { content } = await kernel.execute(LONG);
        assert.equal(content.ename, "CompilerExited");
        assert.match(String(content.evalue), /runs out of memory/);
      }
      assert.equal((await kernel.run("const k: Kept = 41; k")).result, "41");
    } finally {
      await kernel.close();
    }
  });

  test("when a cell is replayed: the cell is dropped and others are kept", async () => {
    const folder = mkdtempSync(join(tmpdir(), "convnotes-"));
    // The process aborts once this file exists.
    const sign = join(folder, "ends");
    const preload = join(folder, "preload.cjs");
    writeFileSync(
      preload,
      `if (process.argv[1]?.endsWith("compiler-main.js")) process.on("message", ({ method, parameters }) => {
  if (method === "compile" && /const fatal/.test(parameters[0]) && require("node:fs").existsSync(${JSON.stringify(sign)})) process.abort();
});`,
    );
    const kernel = await KernelClient.start({
      variables: { NODE_OPTIONS: `--require ${preload}` },
    });
    try {
      await kernel.run("const first = 1; type First = typeof first;");
      await kernel.run("const fatal = 2;");
      await kernel.run("const last: First = 1;");
      writeFileSync(sign, "");
      const before = kernel.compilerPid ?? assert.fail("no compiler");
      process.kill(before, "SIGKILL");
      await until(
        () => ![undefined, before].includes(kernel.compilerPid),
        "another compiler",
      );
      const { stderr, result } = await kernel.run(
        "const sum: First = last; sum",
      );
      assert.equal(result, "1");
      assert.match(
        stderr,
        /^The declarations of the cell "const fatal = 2;" are lost: .* was terminated by SIGABRT.*keep their values\.\n$/,
      );
      const { error, stderr: once } = await kernel.execute("fatal + first");
      assert.match(String(error?.evalue), /Cannot find name 'fatal'/);
      assert.equal(once, "");
    } finally {
      await kernel.close();
      rmSync(folder, { recursive: true });
    }
  });

  test("at every start: cells report it, and the kernel recovers when possible", async () => {
    const folder = mkdtempSync(join(tmpdir(), "convnotes-"));
    const broken = join(folder, "broken.cjs");
    const sign = join(folder, "works");
    writeFileSync(
      broken,
      `if (process.argv[1]?.endsWith("compiler-main.js") && !require("node:fs").existsSync(${JSON.stringify(sign)})) process.exit(7);`,
    );
    const kernel = await KernelClient.start({
      variables: { NODE_OPTIONS: `--require ${broken}` },
    });
    try {
      const { content } = await kernel.execute("1 + 1");
      assert.equal(content.ename, "CompilerExited");
      assert.match(
        String(content.evalue),
        /with exit code 7 as soon as it was started/,
      );
      writeFileSync(sign, "");
      assert.equal((await kernel.run("1 + 1")).result, "2");
    } finally {
      await kernel.close();
      rmSync(folder, { recursive: true });
    }
  });
});
