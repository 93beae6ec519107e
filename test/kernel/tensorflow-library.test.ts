/**
 * TensorFlow's library comes into memory while the cell that imports TensorFlow.js is still checked, and nothing else does.
 */
import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { after, before, describe, test } from "node:test";
import { KernelClient } from "./kernel-client";

const skip = existsSync("/proc/self/maps")
  ? false
  : "Only Linux tells which libraries a process has loaded.";

describe("TensorFlow's library", { skip }, () => {
  let kernel: KernelClient;
  before(async () => {
    kernel = await KernelClient.start();
  });
  after(() => kernel?.close());

  const isLoaded = () =>
    readFileSync(`/proc/${kernel.runtimePid}/maps`, "utf8").includes(
      "libtensorflow",
    );

  test("stays away from cells that do not import it", async () => {
    const { content } = await kernel.execute(
      'import path from "node:path";\nconst text = "@tensorflow/tfjs-node";\nimport type { Stats } from "./no-such-file";',
    );
    assert.equal(content.status, "error");
    assert.equal(isLoaded(), false);
  });

  test("is there after a cell that imports TensorFlow.js but has a type error; the module is not", async () => {
    const { content } = await kernel.execute(
      'import * as tf from "@tensorflow/tfjs-node";\nconst wrong: number = "text";',
    );
    assert.equal(content.status, "error");
    assert.match(String((content.traceback as string[]).join("\n")), /2322/);
    // The runtime does one thing after the other, so that it has done this once it answers.
    const cached = await kernel.execute(
      'import { createRequire } from "node:module";\nObject.keys(createRequire(process.cwd() + "/cell.js").cache).filter((path) => path.includes("tfjs")).length',
    );
    assert.equal(isLoaded(), true);
    assert.equal(cached.result, "0");
  });

  test("computes what it should afterwards", async () => {
    const answer = await kernel.execute(
      'import * as tf from "@tensorflow/tfjs-node";\ntf.tensor([1, 2, 3]).square().arraySync()',
    );
    assert.equal(answer.result, "[ 1, 4, 9 ]");
  });
});

describe(
  "TensorFlow's library, of a package that depends on it",
  { skip },
  () => {
    test("is there after a cell with a type error as well", async () => {
      const kernel = await KernelClient.start();
      try {
        const { content } = await kernel.execute(
          'import { scale } from "convnotes";\nconst wrong: number = "text";',
        );
        assert.equal(content.status, "error");
        await kernel.execute("1");
        const maps = readFileSync(`/proc/${kernel.runtimePid}/maps`, "utf8");
        assert.ok(maps.includes("libtensorflow"));
      } finally {
        await kernel.close();
      }
    });
  },
);
