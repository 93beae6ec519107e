/**
 * Tests that arrays read from a tensor belong to the caller: writing to them changes no tensor, as
 * in TensorFlow.js.
 */
import assert from "node:assert/strict";
import { after, describe, test } from "node:test";
import { setEngine, tf, type EngineState } from "../../src/engine";
import { classifier, compile, points } from "./models";

after(() => setEngine("on"));

/**
 * Overwrites the array that `read` returns, and asserts that the next read returns the original
 * values.
 */
function assertCopied(read: () => ArrayLike<number>): void {
  const first = read() as Float32Array;
  const before = Array.from(first);
  first.fill(1000);
  assert.deepEqual(Array.from(read()), before);
}

for (const mode of ["on", "graph"] satisfies EngineState[]) {
  describe(`after training with ${mode}`, () => {
    const train = async () => {
      setEngine(mode);
      const model = classifier();
      compile(model);
      const [x, y] = points(64);
      await model.fit(x, y, { epochs: 2, verbose: 0 });
      return { model, x };
    };

    test("of data", async () => {
      const { x } = await train();
      assertCopied(() => x.dataSync());
    });

    test("of weights, also once a prediction has used them", async () => {
      const { model, x } = await train();
      const read = () => model.getWeights()[0]!.dataSync();
      assertCopied(read);
      tf.dispose(model.predict(x.slice([0], [2])));
      assertCopied(read);
    });

    test("of predictions", async () => {
      const { model, x } = await train();
      const predicted = model.predict(x) as tf.Tensor;
      assertCopied(() => predicted.dataSync());
    });
  });
}
