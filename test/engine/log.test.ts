/**
 * Tests the engine's log, which `CONVNOTES_LOG=debug` turns on.
 */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, test } from "node:test";

const project = join(__dirname, "..", "..");

/**
 * Trains a small model for three epochs of two batches, with a loss of its own if LOSS is "own".
 */
const PROGRAM = `
  const { tf } = require("./src/engine");
  const model = tf.sequential({
    layers: [tf.layers.dense({ units: 1, inputShape: [2] })],
  });
  const own = (x, y) => tf.losses.meanSquaredError(x, y);
  const loss = process.env.LOSS === "own" ? own : "meanSquaredError";
  model.compile({ optimizer: "sgd", loss });
  model.fit(tf.ones([8, 2]), tf.ones([8, 1]), { epochs: 3, batchSize: 4, verbose: 0 });
`;

/** Runs the program. Returns the lines on standard error that are the log's. */
function logged(variables: Readonly<Record<string, string>>): string[] {
  const { status, stderr } = spawnSync(
    process.execPath,
    ["-r", "ts-node/register/transpile-only", "-e", PROGRAM],
    {
      cwd: project,
      encoding: "utf8",
      env: { ...process.env, CONVNOTES_LOG: "debug", ...variables },
    },
  );
  assert.equal(status, 0, stderr);
  return linesOf(stderr);
}

/** Returns the texts of the log's lines, each of which begins with time, part and process. */
function linesOf(text: string): string[] {
  const line = /^\d{4}-\d\d-\d\dT[\d:.]+Z engine \d+ (.*)$/;
  return text.split("\n").flatMap((each) => line.exec(each)?.[1] ?? []);
}

describe("the engine's log", () => {
  test("says how the steps run as graphs, and why, once for each change", () => {
    const lines = logged({ CONVNOTES_ENGINE: "graph" });
    assert.equal(lines.length, 4, lines.join("\n"));
    assert.match(
      lines[0]!,
      /^training step recorded: there was no recording yet \(inputs: int32 4; float32 8×2; float32 8×1; none\)$/,
    );
    assert.match(
      lines[1]!,
      /^training step compiled: graph program of \d+ operations$/,
    );
    assert.match(lines[2]!, /^training step traced, then graph: .* is new/);
    assert.match(lines[3]!, /^training step graph: all parts are stock/);
  });

  test("says which steps are native", () => {
    const lines = logged({ CONVNOTES_ENGINE: "on" });
    assert.match(lines[0]!, /^training step compiled: native program of/);
    assert.match(lines.at(-1)!, /^training step native: all parts are stock/);
  });

  test("names the part of the user's for which steps are traced, in the given file", () => {
    const folder = mkdtempSync(join(tmpdir(), "convnotes-log-"));
    try {
      const file = join(folder, "log.txt");
      const variables = {
        CONVNOTES_ENGINE: "on",
        CONVNOTES_LOG_FILE: file,
        LOSS: "own",
      };
      assert.deepEqual(logged(variables), []);
      const lines = linesOf(readFileSync(file, "utf8"));
      assert.match(
        lines.at(-1)!,
        /^training step traced, then native: .*own.* is custom/,
      );
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  test("is empty unless the variable says debug", () => {
    for (const value of ["", "off", "1"]) {
      assert.deepEqual(logged({ CONVNOTES_LOG: value }), []);
    }
  });
});
