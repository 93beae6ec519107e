/**
 * The tests of whatever computes, with every step a TensorFlow graph (`CONVNOTES_ENGINE=graph`) and with plain TensorFlow.js (`off`). In `npm test` they
 * run with native steps.
 *
 * Some ten minutes for each.
 */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import path from "node:path";
import { describe, test } from "node:test";

const root = path.join(__dirname, "..", "..");

/** Folders of test/ in which something is trained or computed; those of the engine switch it themselves where that matters. */
const folders = {
  graph: ["engine", "keras", "models", "parity", "plots", "training", "data"],
  off: ["keras", "models", "parity", "plots", "training", "data"],
} as const;

describe("the tests pass in other states of the engine", () => {
  for (const [state, names] of Object.entries(folders)) {
    test(state, { timeout: 60 * 60_000 }, () => {
      // Node refuses a run of tests within one, which it knows by this variable.
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
