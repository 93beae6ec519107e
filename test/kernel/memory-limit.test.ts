/**
 * Tests the limit of the memory of the process that runs the cells.
 */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { describe, test } from "node:test";
import {
  memoryFromPs,
  memoryLimit,
  residentMemory,
} from "../../kernel/front/memory-limit";
import { errorWith } from "../error-with";
import { KernelClient, projectFolder } from "./kernel-client";

test("a limit is a number of megabytes or gigabytes, or nothing", () => {
  assert.equal(memoryLimit(), undefined);
  assert.equal(memoryLimit(""), undefined);
  assert.equal(memoryLimit("2GB"), 2e9);
  assert.equal(memoryLimit("1500MB"), 1.5e9);
  assert.equal(memoryLimit("1.5 gb"), 1.5e9);
  assert.equal(memoryLimit("200MB"), 2e8);
});

for (const text of ["2", "GB", "-1GB", "2TB", "199MB", "0GB", "2GB more"]) {
  test(`"${text}" is no limit`, () => {
    assert.throws(
      () => memoryLimit(text),
      errorWith("ERR_INVALID_VALUE", "200MB", text),
    );
  });
}

test("a kernel with an invalid limit ends at once with one sentence", () => {
  const { status, stderr } = spawnSync(
    process.execPath,
    [join(projectFolder, "kernel", "dist", "main.js"), "connection.json"],
    { encoding: "utf8", env: { ...process.env, CONVNOTES_MEMORY: "lots" } },
  );
  assert.equal(status, 1);
  assert.match(stderr, /^Expected CONVNOTES_MEMORY .*, received "lots"\.\n$/);
});

test("the memory of a process is read; that of none is not", async () => {
  const own = (await residentMemory(process.pid)) ?? 0;
  assert.ok(own > 20e6 && own < 20e9, String(own));
  // The largest process id of Linux and of others is smaller.
  assert.equal(await residentMemory(2 ** 30), undefined);
});

test(
  "ps names about the same memory",
  {
    skip: spawnSync("ps", ["-o", "rss=", "-p", String(process.pid)]).status
      ? "there is no ps that accepts -o rss="
      : false,
  },
  async () => {
    const own = (await memoryFromPs(process.pid)) ?? 0;
    assert.ok(own > 20e6 && own < 20e9, String(own));
    assert.equal(await memoryFromPs(2 ** 30), undefined);
  },
);

describe("a kernel with a limit", () => {
  const fill =
    "const held: Buffer[] = []; for (;;) { held.push(Buffer.alloc(20e6, 1)); await new Promise((resolve) => setTimeout(resolve, 20)); }";

  test("ends a cell that exceeds it, names both sizes, and goes on without the variables", async () => {
    const kernel = await KernelClient.start({
      variables: { CONVNOTES_MEMORY: "400MB" },
    });
    try {
      await kernel.run("const before = 1;");
      const { error } = await kernel.execute(fill);
      assert.equal(error?.ename, "OutOfMemory");
      const [, limit, seen] =
        /^Expected at most (\d+)MB of memory .*, received (\d+)MB\. .*fewer images/.exec(
          error.evalue,
        ) ?? [];
      assert.equal(limit, "400");
      assert.ok(Number(seen) > 400, error.evalue);
      assert.match(error.traceback, /code: 'ERR_MEMORY'/);
      const next = await kernel.execute("before");
      assert.match(next.error?.evalue ?? "", /Cannot find name 'before'/);
      assert.equal((await kernel.run("1 + 1")).result, "2");
      // The new process is watched, too.
      const again = await kernel.execute(fill);
      assert.equal(again.error?.ename, "OutOfMemory");
    } finally {
      await kernel.close();
    }
  });

  test("ends synchronous code, too", async () => {
    const kernel = await KernelClient.start({
      variables: { CONVNOTES_MEMORY: "400MB" },
    });
    try {
      const { error } = await kernel.execute(
        "const held: Buffer[] = []; while (held.length < 30) held.push(Buffer.alloc(20e6, 1)); for (;;) {}",
      );
      assert.equal(error?.ename, "OutOfMemory");
    } finally {
      await kernel.close();
    }
  });
});
