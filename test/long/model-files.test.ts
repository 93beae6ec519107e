/**
 * Random models as files, compared with Keras in both directions: layers and models that are used
 * several times, at different depths, with several inputs and outputs.
 *
 * The places of weights in a file depend on the order in which Keras walks the graph. Without batch
 * normalization, whose training multiplies rounding errors in batches of three.
 */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { keras, tf } from "../../src";
import { checkTrials, type ModelCases } from "../formats/keras-trial";
import { inputsOf } from "../formats/model-case";

type Tensor = tf.SymbolicTensor;

const count = 60;

/** Returns a function of integers below a limit, the same ones for a seed. */
function chooser(seed: number): (limit: number) => number {
  let state = seed * 2654435761 + 1;
  return (limit) => {
    state = (state * 1103515245 + 12345) % 2 ** 31;
    return Math.floor((state / 2 ** 31) * limit);
  };
}

function call(layer: tf.layers.Layer, inputs: Tensor[]): Tensor[] {
  const output = layer.apply(inputs.length === 1 ? inputs[0]! : inputs);
  return [output as Tensor | Tensor[]].flat();
}

/** Creates a model of tensors of the shape (n, 4). `depth` limits models within models. */
function randomModel(choose: (limit: number) => number, depth = 0) {
  const inputs = Array.from({ length: 1 + choose(2) }, () =>
    tf.input({ shape: [4] }),
  );
  const tensors: Tensor[] = [...inputs];
  const unused = new Set<Tensor>(inputs);
  const used: (readonly [layer: tf.layers.Layer, inputs: number])[] = [];
  const pick = () => {
    const tensor = tensors[choose(tensors.length)]!;
    unused.delete(tensor);
    return tensor;
  };
  const use = (layer: tf.layers.Layer, arity: number) => {
    const outputs = call(layer, Array.from({ length: arity }, pick));
    tensors.push(...outputs);
    outputs.forEach((each) => unused.add(each));
    used.push([layer, arity]);
  };
  const steps = 3 + choose(7);
  for (let step = 0; step < steps; step += 1) {
    switch (choose(depth < 2 ? 6 : 5)) {
      case 0:
      case 1:
        use(keras.dense({ units: 4, activation: "tanh" }), 1);
        break;
      case 2:
        use(choose(2) === 0 ? tf.layers.add() : tf.layers.average(), 2);
        break;
      case 3:
        if (used.length > 0) use(...used[choose(used.length)]!);
        break;
      case 4:
        use(tf.layers.prelu(), 1);
        break;
      default: {
        const inner = randomModel(choose, depth + 1);
        use(inner, inner.inputs.length);
      }
    }
  }
  const leaves = [...unused];
  const last =
    leaves.length === 1 ? leaves : call(tf.layers.add(), [...leaves]);
  const first = tensors[choose(tensors.length)]!;
  const isOutput = !inputs.includes(first) && first !== last[0];
  const dense = keras.dense({ units: 4 });
  return tf.model({
    inputs,
    outputs: [...call(dense, last), ...(isOutput ? [first] : [])],
  });
}

/** In some of the graphs TensorFlow.js disposes of a tensor before its last use. */
function isComputed(model: tf.LayersModel): boolean {
  try {
    tf.dispose(model.predict(inputsOf(model, { model: () => model })));
    return true;
  } catch {
    return false;
  }
}

describe("random models", () => {
  test("are opened and saved by Keras", async (context) => {
    const all = Array.from({ length: count }, (_, seed) => {
      const model = () => randomModel(chooser(seed));
      return [`seed ${seed}`, { model, trains: true }] as const;
    });
    const cases: ModelCases = Object.fromEntries(
      all.filter(([, { model }]) => isComputed(model())),
    );
    assert.ok(Object.keys(cases).length >= 0.8 * count);
    await checkTrials(context, cases);
  });
});
