/**
 * A hundred kills of training processes at random moments, also while they start and while they
 * write a checkpoint: each run ends with the bits of the undisturbed one.
 */
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import seedrandom from "seedrandom";
import {
  runWithKills,
  SmallProcess,
} from "../training/checkpoints/small-process";

const root = mkdtempSync(join(tmpdir(), "convnotes-kills-"));
after(() => rmSync(root, { recursive: true, force: true }));

const epochs = 60;
const killsOfEach = 25;
const killsPerRun = 5;

for (const engine of ["native", "graph"] as const) {
  for (const isPlain of [false, true]) {
    const name = `${isPlain ? "model.fit" : "fit"}, ${engine} steps`;
    test(`${killsOfEach} kills of ${name}`, async () => {
      const whole = new SmallProcess(engine, { epochs, isPlain });
      const expected = await whole.result();
      let done = 0;
      for (let run = 0; done < killsOfEach; run += 1) {
        const folder = join(root, `${name}, ${run}`);
        // After every step in the first run, so that most kills hit a write.
        const everySteps = 1 + 6 * (run % 5);
        const { result, kills } = await runWithKills(
          engine,
          { epochs, isPlain, checkpoints: { folder, everySteps } },
          Math.min(killsPerRun, killsOfEach - done),
          seedrandom(`${name} ${run}`),
        );
        assert.deepEqual(result, expected);
        done += kills;
      }
    });
  }
}
