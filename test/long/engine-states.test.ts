/**
 * Runs all tests that compute, with every step as a TensorFlow graph (`CONVNOTES_ENGINE=graph`) and
 * with plain TensorFlow.js (`off`). In `npm test` they run with native steps.
 *
 * Each takes some ten minutes.
 */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import path from "node:path";
import { describe, test } from "node:test";

const root = path.join(__dirname, "..", "..");

/**
 * Folders of test/ whose tests train or compute. The engine's tests switch the engine themselves
 * where it matters.
 */
const folders = {
  graph: ["engine", "keras", "models", "parity", "plots", "training", "data"],
  off: ["keras", "models", "parity", "plots", "training", "data"],
} as const;

describe("the tests pass in other states of the engine", () => {
  for (const [state, names] of Object.entries(folders)) {
    test(state, { timeout: 60 * 60_000 }, () => {
      // Node does not run tests inside a test, which it detects by this variable.
      const environment: NodeJS.ProcessEnv = {
        ...process.env,
        CONVNOTES_ENGINE: state,
      };
      delete environment["NODE_TEST_CONTEXT"];
      const { status, stdout, stderr } = spawnSync(
        process.execPath,
        [path.join("scripts", "test.mjs"), ...names],
        {
          cwd: root,
          env: environment,
          encoding: "utf8",
          maxBuffer: 2 ** 28,
        },
      );
      const failures = stdout.match(/^.*✖.*$/gm)?.join("\n") ?? stderr;
      assert.equal(status, 0, failures.slice(-4000));
    });
  }
});
