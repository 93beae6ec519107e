/**
 * Finds batch normalizations whose moving averages are updated in another order than in Keras.
 *
 * A layer that is used several times in a step updates its averages at each use. TensorFlow.js runs
 * the branches of a model in another order than Keras, so that the averages differ. Uses of which
 * one needs the other's output have one order in both.
 */
import type { tf } from "../../engine/tensorflow";
import { refusal } from "./keras-object";
import {
  innerLayers,
  isModel,
  storedLayersOf,
  usesIn,
  type LayerUse,
  type Model,
} from "./layer-tree";

type Layer = tf.layers.Layer;

/**
 * Throws an Error (`ERR_UNSUPPORTED`) that names the first batch normalization, or model with one,
 * that is trained and used on several branches.
 */
export function checkSharedNormalization(model: tf.LayersModel): void {
  for (const layer of storedLayersOf(model)) {
    if (isModel(layer)) checkSharedNormalization(layer);
    if (!hasUpdates(layer)) continue;
    const uses = usesIn(model as Model, layer).filter(
      ({ callArgs }) => callArgs?.["training"] !== false,
    );
    const outputs = Math.max(
      ...uses.map((use) => usedOutputs(model as Model, use)),
    );
    if (outputs > 1) {
      throw refusal(
        "a model with batch normalization and several outputs to have one that is used in a compiled model, because TensorFlow.js computes it once for each",
        `the model ${layer.name} with ${outputs}; without loss and optimizer (\`includeOptimizer: false\`, \`compile: false\`) it is accepted`,
      );
    }
    const isOrdered = uses.every(
      (use, index) => index === 0 || needs(use, uses[index - 1]!),
    );
    if (isOrdered) continue;
    throw refusal(
      "each batch normalization of a compiled model on one branch, because TensorFlow.js updates the averages of others in another order than Keras",
      `the layer ${layer.name} on ${uses.length}; without loss and optimizer (\`includeOptimizer: false\`, \`compile: false\`) it is accepted`,
    );
  }
}

/** Whether a layer, or one within it, updates averages in training. */
function hasUpdates(layer: Layer): boolean {
  if (isModel(layer)) return layer.trainable && layer.layers.some(hasUpdates);
  const inner = innerLayers(layer);
  if (inner.length > 0) return inner.some(([, each]) => hasUpdates(each));
  if (!/BatchNormalization$/.test(layer.getClassName())) return false;
  const { gamma, beta } = layer as unknown as Readonly<
    Record<"gamma" | "beta", { readonly trainable?: boolean } | null>
  >;
  const isFrozen = [gamma, beta].some((each) => each?.trainable === false);
  return layer.trainable && !isFrozen;
}

/** Returns how many outputs of a use are inputs of other layers, or outputs of the model. */
function usedOutputs(model: Model, use: LayerUse): number {
  if (use.outputTensors.length === 1) return 1;
  const taken = new Set([
    ...model.outputs.map(({ id }) => id),
    ...storedLayersOf(model).flatMap((layer) =>
      usesIn(model, layer).flatMap(({ inputTensors }) =>
        inputTensors.map(({ id }) => id),
      ),
    ),
  ]);
  return use.outputTensors.filter(({ id }) => taken.has(id)).length;
}

/** Whether a use needs the output of another, directly or through other layers. */
function needs(use: LayerUse, other: LayerUse): boolean {
  const wanted = new Set(other.outputTensors.map(({ id }) => id));
  const seen = new Set<number>();
  const pending = [...use.inputTensors];
  for (let tensor = pending.pop(); tensor; tensor = pending.pop()) {
    if (wanted.has(tensor.id)) return true;
    if (seen.has(tensor.id)) continue;
    seen.add(tensor.id);
    pending.push(...tensor.inputs);
  }
  return false;
}
