/**
 * Tests a temporary folder that is not writable: models can still be trained, as in TensorFlow.js.
 * Graphs are passed to TensorFlow in files; native programs need none.
 */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { setEngine, tf } from "../../src/engine";
import { stepsOf } from "../../src/engine/models/install";
import {
  assertClose,
  classifier,
  compile,
  copyWeights,
  points,
  warningsOf,
  weightsOf,
  withEngine,
} from "./models";

const [x, y] = points(240);
const options = { batchSize: 4, verbose: 0, shuffle: false } as const;

/** Removes the process's temporary folder while a function runs. */
async function withoutFolder<Result>(
  run: () => Result,
): Promise<Awaited<Result>> {
  const { TMPDIR: before } = process.env;
  process.env["TMPDIR"] = "/there/is/no/such/folder";
  try {
    return await run();
  } finally {
    if (before === undefined) delete process.env["TMPDIR"];
    else process.env["TMPDIR"] = before;
  }
}

function twins(): [tf.Sequential, tf.Sequential] {
  const models = [classifier(), classifier()] as const;
  for (const model of models) compile(model, tf.train.sgd(0.01));
  copyWeights(...models);
  return [...models];
}

function assertSameWeights(one: tf.LayersModel, other: tf.LayersModel): void {
  const expected = weightsOf(other);
  for (const [index, weights] of weightsOf(one).entries()) {
    assertClose(weights, expected[index]!, 2e-5, `weight ${index}`);
  }
}

describe("no temporary folder", () => {
  test("from the start: trains operation by operation, and reports it once", async () => {
    const [on, off] = twins();
    const warnings = await warningsOf(() =>
      withoutFolder(() =>
        withEngine("graph", () => on.fit(x, y, { ...options, epochs: 2 })),
      ),
    );
    assert.equal(warnings.length, 1);
    assert.match(warnings[0]!, /its program could not be made or run: ENOENT/);
    await withEngine("off", () => off.fit(x, y, { ...options, epochs: 2 }));
    assertSameWeights(on, off);
  });

  test("in the middle of a fit: continues with the existing program", async () => {
    const [on, off] = twins();
    let batches = 0;
    const { TMPDIR: before } = process.env;
    try {
      setEngine("graph");
      await on.fit(x, y, {
        ...options,
        epochs: 5,
        callbacks: {
          // From the second epoch on, several steps would run at once.
          onEpochBegin: async () => {
            if (batches++ > 0) process.env["TMPDIR"] = "/there/is/no/folder";
          },
        },
      });
    } finally {
      if (before === undefined) delete process.env["TMPDIR"];
      else process.env["TMPDIR"] = before;
    }
    await withEngine("off", () => off.fit(x, y, { ...options, epochs: 5 }));
    assertSameWeights(on, off);
    const { counts } = stepsOf(on)!.trainGathered;
    assert.equal(counts.compiled, 5 * 60 - 1);
  });

  test("prediction and evaluation in new shapes", async () => {
    const [on, off] = twins();
    const results = await withoutFolder(() =>
      [on, off].map((model) =>
        [1, 2, 3].map(() => {
          const outputs = model.predict(x, { batchSize: 7 }) as tf.Tensor;
          const [loss] = model.evaluate(x, y, { batchSize: 9 }) as tf.Scalar[];
          return [...outputs.dataSync(), ...loss!.dataSync()];
        }),
      ),
    );
    for (const numbers of results.flat()) {
      assertClose(numbers, results[0]![0]!, 1e-6);
    }
  });
});
