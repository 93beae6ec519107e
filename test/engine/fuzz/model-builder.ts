/**
 * Builds a model from its plan.
 */
import { tf } from "../../../src/engine";
import { OwnFuzzLayer, ownLayerPart, type OwnCode } from "./own-code";
import type { InputPlan, LayerPlan, ModelPlan, NodePlan } from "./plan";

type Make = (settings: object) => tf.layers.Layer;

/** Builds a model node by node; `values` contains the inputs and the output of each node. */
export class ModelBuilder {
  readonly values: tf.SymbolicTensor[];
  readonly layers: tf.layers.Layer[] = [];
  readonly #inputs: tf.SymbolicTensor[];
  readonly #code: OwnCode;
  readonly #prefix: string;

  /**
   * Layers are named by their index, because the logs of a model with several outputs use their
   * names.
   */
  constructor(
    inputs: readonly InputPlan[],
    code: OwnCode,
    batch?: number,
    prefix = "n",
  ) {
    this.#code = code;
    this.#prefix = prefix;
    this.#inputs = inputs.map(({ shape, indices }) =>
      tf.input({
        ...(batch === undefined
          ? { shape: [...shape] }
          : { batchShape: [batch, ...shape] }),
        dtype: indices === undefined ? "float32" : "int32",
      }),
    );
    this.values = [...this.#inputs];
  }

  /** Adds a node; throws if TensorFlow.js rejects it. */
  add(node: NodePlan): void {
    const name = `${this.#prefix}${this.layers.length}`;
    const layer =
      node.shares === undefined
        ? node.model === undefined
          ? makeLayer(node.layer!, this.#code, name)
          : buildModel(node.model, this.#code, `${name}m`)
        : this.layers[node.shares]!;
    const values = node.from.map((index) => this.values[index]!);
    if (node.shares !== undefined) {
      // A reused layer requires the shape it was built for.
      const built = [layer.inboundNodes[0]!.inputShapes].flat(2).join();
      if (built !== [values[0]!.shape].flat().join()) {
        throw new Error("Expected a value of the shared layer's shape");
      }
    }
    const output = layer.apply(values.length === 1 ? values[0]! : values);
    const value = [output].flat()[0] as tf.SymbolicTensor;
    if (value.shape.slice(1).some((size) => size === null || size < 1)) {
      throw new Error("Expected an output that has a shape");
    }
    this.layers.push(layer);
    this.values.push(value);
  }

  /** Returns a model with these values as outputs. */
  finish(outputs: readonly number[]): tf.LayersModel {
    return tf.model({
      inputs: this.#inputs,
      outputs: outputs.map((index) => this.values[index]!),
    });
  }
}

/** Creates the layer of a plan. */
function makeLayer(
  plan: LayerPlan,
  code: OwnCode,
  name: string,
): tf.layers.Layer {
  const { kind, settings, within, ownParts = [] } = plan;
  if (kind.startsWith("own:")) {
    return new OwnFuzzLayer(kind.slice(4), code, name);
  }
  const parts = Object.fromEntries(
    ownParts.map((place) => [place, ownLayerPart(place, code)]),
  );
  const inner = within && { layer: makeLayer(within, code, `${name}w`) };
  const make = tf.layers[kind as "dense"] as unknown as Make;
  return make({ name, ...settings, ...parts, ...inner });
}

/** Builds the whole model. */
export function buildModel(
  plan: ModelPlan,
  code: OwnCode,
  prefix?: string,
): tf.LayersModel {
  const builder = new ModelBuilder(plan.inputs, code, plan.batch, prefix);
  for (const node of plan.nodes) builder.add(node);
  return builder.finish(plan.outputs);
}

/**
 * Sets weights that depend only on `seed`; those that are not trained are positive, as variances
 * must be.
 */
export function setStartWeights(
  model: tf.LayersModel,
  seed: number,
  shift = 0,
): void {
  let count = seed * 1_000;
  for (const weight of model.weights) {
    const { shape } = weight;
    const size = shape.reduce<number>((product, each) => product * each!, 1);
    const numbers = Array.from({ length: size }, () => {
      count += 1;
      const number = Math.sin(count * count) / 2;
      const shifted = number * (1 + shift * Math.sin(count));
      return weight.trainable ? shifted : 0.1 + Math.abs(shifted);
    });
    weight.write(tf.tensor(numbers, shape as number[]));
  }
}
