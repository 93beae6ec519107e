/**
 * Checkpoints in a notebook: after the kernel was restarted in the middle of training, running all
 * cells again continues, says so, and ends as if nothing had happened.
 */
import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { KernelClient, type Answer } from "../../kernel/kernel-client";

const root = mkdtempSync(join(tmpdir(), "convnotes-checkpoints-"));
after(() => rmSync(root, { recursive: true, force: true }));

// The kernel's engine: checkpoints need it, whatever the variable says outside.
process.env["CONVNOTES_ENGINE"] = "on";

/** The cells of the notebook; the last one's value is the digest of the weights. */
function cells(folder: string): string[] {
  return [
    'import { fit, getWeights, setSeed, tf } from "convnotes";\nimport { createHash } from "node:crypto";',
    `setSeed(1);
const model = tf.sequential({
  layers: [
    tf.layers.dense({ units: 8, activation: "relu", inputShape: [4] }),
    tf.layers.dropout({ rate: 0.3 }),
    tf.layers.dense({ units: 1 }),
  ],
});
model.compile({ optimizer: tf.train.adam(0.01), loss: (y, p) => tf.losses.meanSquaredError(y, p) });
const x = tf.randomUniform([100, 4], 0, 1, "float32", 2);
const y = tf.sum(x, 1, true);`,
    `const history = await fit(model, x, y, {
  epochs: 6,
  batchSize: 16,
  seed: 3,
  checkpoints: ${JSON.stringify(folder)},
  onEpochEnd: async (epoch) => {
    console.log("epoch", epoch, "done");
    await new Promise((resolve) => setTimeout(resolve, 150));
  },
});`,
    `const hash = createHash("sha256");
for (const { data } of getWeights(model)) hash.update(data);
[hash.digest("hex"), ...history.loss].join(" ")`,
  ];
}

/** Runs all cells. Returns what the training cell showed, and the last cell's value. */
async function runAll(kernel: KernelClient, folder: string) {
  const answers: Answer[] = [];
  for (const cell of cells(folder)) {
    const answer = await kernel.execute(cell);
    const { content } = answer;
    assert.equal(content["status"], "ok", JSON.stringify(content));
    answers.push(answer);
  }
  const shown = answers[2]!.outputs.map(({ content }) => content);
  return { shown: JSON.stringify(shown), result: answers[3]!.result };
}

test("after a restart, running all cells continues; after the end, it returns at once", async () => {
  const folder = join(root, "restarted");
  let kernel = await KernelClient.start();
  try {
    const undisturbed = await runAll(kernel, join(root, "undisturbed"));
    assert.doesNotMatch(undisturbed.shown, /Resumed/);
    const [imports, making, training] = cells(folder);
    await kernel.execute(imports!);
    await kernel.execute(making!);
    const fitting = kernel.start(training!);
    await fitting.until(({ content }) =>
      JSON.stringify(content).includes("epoch 3 done"),
    );
    // The reply never comes.
    fitting.done.catch(() => undefined);
    await kernel.request("shutdown_request", { restart: true });
    await kernel.close();
    assert.ok(readdirSync(folder).some((name) => name.startsWith("step-")));

    kernel = await KernelClient.start();
    const resumed = await runAll(kernel, folder);
    assert.match(resumed.shown, /Resumed after epoch [23] of 6/);
    assert.equal(resumed.result, undisturbed.result);
    const again = await runAll(kernel, folder);
    assert.match(again.shown, /Finished before, after epoch 6 of 6/);
    assert.doesNotMatch(again.shown, /epoch 6 done/);
    assert.equal(again.result, undisturbed.result);
  } finally {
    await kernel.close();
  }
});
