/**
 * Tests that pages of TensorFlow's libraries that only loading them has used are released.
 */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { describe, test } from "node:test";

const project = join(__dirname, "..", "..", "..");

/** Prints the MB of files in memory after loading, and a convolution's sum by TensorFlow. */
const PROGRAM = `
  const { tf } = require("./src/engine");
  const fs = require("fs");
  const status = fs.readFileSync("/proc/self/status", "utf8");
  const files = Number(/RssFile:\\s+(\\d+)/.exec(status)[1]) / 1024;
  const x = tf.range(0, 3072).reshape([1, 32, 32, 3]).div(3072);
  const sum = tf.conv2d(x, tf.ones([3, 3, 3, 8]), 1, "same").sum().dataSync()[0];
  console.log(JSON.stringify({ files, sum }));
`;

function loaded(mode: "on" | "off"): { files: number; sum: number } {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    ["-r", "ts-node/register/transpile-only", "-e", PROGRAM],
    {
      cwd: project,
      encoding: "utf8",
      env: { ...process.env, CONVNOTES_ENGINE: mode },
    },
  );
  assert.equal(status, 0, stderr);
  return JSON.parse(stdout) as { files: number; sum: number };
}

describe("memory of TensorFlow's libraries", () => {
  test(
    "is released after loading, and TensorFlow computes as before",
    { skip: process.platform !== "linux" && "reads /proc" },
    () => {
      const [on, off] = [loaded("on"), loaded("off")];
      assert.equal(on.sum, off.sum);
      assert.ok(
        on.files < off.files - 150,
        `${on.files} MB with the engine, ${off.files} MB without`,
      );
    },
  );
});
