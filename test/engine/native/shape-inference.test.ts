/**
 * Tests that inferred types and shapes equal TensorFlow's, for all operations in the steps of many
 * models.
 *
 * Takes about twenty seconds.
 */
import assert from "node:assert/strict";
import { after, mock, test } from "node:test";
import { setEngine, tf } from "../../../src/engine";
import { inferKinds } from "../../../src/engine/shape-inference/infer-kinds";
import {
  BackendInterceptor,
  type BackendEvents,
} from "../../../src/engine/recording/backend-interceptor";
import type { TensorKind } from "../../../src/engine/recording/recording";
import { dataOf } from "../../../src/engine/tfjs/tensor-data";
import { branchCases } from "./coverage-branches";
import { layerCases } from "./coverage-layers";
import { trainingCases } from "./coverage-training";
import { classNumbers, compileWith, images } from "./coverage-case";

after(() => setEngine("on"));

const text = (kinds: readonly TensorKind[]) =>
  kinds.map(({ dtype, shape }) => `${dtype} ${shape.join("×")}`).join(", ");

test("inferred types and shapes equal TensorFlow's", async (context) => {
  const inferred = new Map<string, number>();
  const notInferred = new Set<string>();
  const begin = BackendInterceptor.prototype.begin;
  const check =
    (events: BackendEvents): BackendEvents["operation"] =>
    (name, attributes, inputs, execute) => {
      const known = inputs.map(({ dataId, dtype, shape }) => {
        const values = dataOf(dataId)?.values ?? undefined;
        return { dtype, shape, values };
      });
      const kinds = inferKinds(name, attributes, known);
      const outputs = events.operation(name, attributes, inputs, execute);
      if (kinds === undefined) notInferred.add(name);
      else {
        assert.equal(text(kinds), text(outputs), name);
        inferred.set(name, (inferred.get(name) ?? 0) + 1);
      }
      return outputs;
    };
  const patch = mock.method(
    BackendInterceptor.prototype,
    "begin",
    function (this: BackendInterceptor, events: BackendEvents) {
      begin.call(this, { ...events, operation: check(events) });
    },
  );
  setEngine("graph");
  for (const each of [...layerCases, ...branchCases, ...trainingCases]) {
    const samples = each.samples ?? 20;
    const model = each.build();
    (each.compile ?? compileWith("sparseCategoricalCrossentropy"))(model);
    const x = each.inputs?.(samples) ?? [images(samples)];
    const y = each.labels?.(samples) ?? [classNumbers(samples)];
    await model.fit(x, y, { batchSize: 10, verbose: 0, ...each.fit });
    tf.dispose([x, y, model.predict(x)] as tf.TensorContainer);
    model.dispose();
  }
  patch.mock.restore();
  context.diagnostic(`${inferred.size} operations are inferred`);
  assert.ok(inferred.size > 60, `${inferred.size} operations`);
  assert.deepEqual([...notInferred], []);
});
