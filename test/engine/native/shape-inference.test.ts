/**
 * Inferred types and shapes are those that TensorFlow gives, for whatever operations the steps of many models have.
 *
 * Takes about twenty seconds.
 */
import assert from "node:assert/strict";
import { after, mock, test } from "node:test";
import { setEngine, tf } from "../../../src/engine";
import { inferKinds } from "../../../src/engine/shape-inference/infer-kinds";
import {
  BackendListener,
  type BackendEvents,
} from "../../../src/engine/recording/backend-listener";
import type { TensorKind } from "../../../src/engine/recording/recording";
import { dataOf } from "../../../src/engine/tfjs/tensor-data";
import { branchCases } from "./coverage-branches";
import { layerCases } from "./coverage-layers";
import { trainingCases } from "./coverage-training";
import { classNumbers, compileWith, images } from "./coverage-case";

after(() => setEngine("on"));

const text = (kinds: readonly TensorKind[]) =>
  kinds.map(({ dtype, shape }) => `${dtype} ${shape.join("×")}`).join(", ");

test("are TensorFlow's", async (context) => {
  const told = new Map<string, number>();
  const untold = new Set<string>();
  const begin = BackendListener.prototype.begin;
  const check =
    (events: BackendEvents): BackendEvents["operation"] =>
    (name, attributes, inputs, execute) => {
      const known = inputs.map(({ dataId, dtype, shape }) => {
        const values = dataOf(dataId)?.values ?? undefined;
        return { dtype, shape, values };
      });
      const kinds = inferKinds(name, attributes, known);
      const outputs = events.operation(name, attributes, inputs, execute);
      if (kinds === undefined) untold.add(name);
      else {
        assert.equal(text(kinds), text(outputs), name);
        told.set(name, (told.get(name) ?? 0) + 1);
      }
      return outputs;
    };
  const patch = mock.method(
    BackendListener.prototype,
    "begin",
    function (this: BackendListener, events: BackendEvents) {
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
  context.diagnostic(`${told.size} operations are told`);
  assert.ok(told.size > 60, `${told.size} operations`);
  assert.deepEqual([...untold], []);
});
