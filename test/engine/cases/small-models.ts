/**
 * Models of one or two weights, whose steps can be computed by hand, and base classes of custom
 * layers.
 */
import { tf } from "../../../src/engine";

/** One weight, by which the input is multiplied. */
export function line(
  weight = 0,
  options: Partial<Parameters<typeof tf.layers.dense>[0]> = {},
): tf.layers.Layer {
  return tf.layers.dense({
    units: 1,
    inputShape: [1],
    useBias: false,
    kernelInitializer: tf.initializers.constant({ value: weight }),
    ...options,
  });
}

/** A model of the given layers, whose inputs are rows of `width` numbers. */
export function chain(
  layers: readonly tf.layers.Layer[],
  width = 1,
): tf.Sequential {
  return tf.sequential({
    layers: [tf.layers.inputLayer({ inputShape: [width] }), ...layers],
  });
}

/** A model with two dense layers whose weights are always the same. */
export function pair(
  activation: "relu" | "tanh" | "sigmoid" = "tanh",
): tf.Sequential {
  const model = tf.sequential({
    layers: [
      tf.layers.dense({ units: 3, inputShape: [2], activation }),
      tf.layers.dense({ units: 1 }),
    ],
  });
  spreadWeights(model);
  return model;
}

/** Sets weights that differ from each other and are always the same. */
export function spreadWeights(model: tf.LayersModel): void {
  let count = 0;
  const weights = model.getWeights().map(({ shape, size }) =>
    tf.tensor(
      Array.from({ length: size }, () => Math.sin((count += 1)) / 2),
      shape,
    ),
  );
  model.setWeights(weights);
}

/** Returns the first weight of a model or layer, a number. */
export function weightOf(owner: { getWeights(): tf.Tensor[] }): number {
  return owner.getWeights()[0]!.dataSync<"float32">()[0]!;
}

/** Returns all weights as lists of numbers. */
export function weightsOf(model: { getWeights(): tf.Tensor[] }): number[][] {
  return model
    .getWeights()
    .map((weight) => Array.from(weight.dataSync<"float32">()));
}

/** One number as a batch. */
export const one = (value: number) => tf.tensor2d([[value]]);

/** Returns the first input of a layer. */
export const first = (inputs: tf.Tensor | tf.Tensor[]) => [inputs].flat()[0]!;

/** Returns the prediction of a model with one output. */
export const predict = (model: tf.LayersModel, x: tf.Tensor) =>
  model.predict(x) as tf.Tensor;

/** A custom layer whose output has the shape of its input. */
export abstract class OwnLayer extends tf.layers.Layer {
  override computeOutputShape(shape: tf.Shape): tf.Shape {
    return shape;
  }
}

type Calls = (inputs: tf.Tensor, options: { training?: boolean }) => tf.Tensor;

/** A layer that applies a function. */
export class Lambda extends OwnLayer {
  static readonly className = "TestLambda";
  readonly #calls: Calls;

  constructor(calls: Calls) {
    super({});
    this.#calls = calls;
  }

  override call(
    inputs: tf.Tensor | tf.Tensor[],
    options: { training?: boolean },
  ): tf.Tensor {
    return this.#calls(first(inputs), options);
  }
}

/** The mean squared error, as a custom loss. */
export const squares = (y: tf.Tensor, p: tf.Tensor): tf.Tensor =>
  tf.mean(tf.square(tf.sub(y, p)));

/** Trains several times on one batch; returns the losses. */
export async function trainOn(
  model: tf.LayersModel,
  x: tf.Tensor | tf.Tensor[],
  y: tf.Tensor | tf.Tensor[],
  steps: number,
): Promise<number[]> {
  const losses: number[] = [];
  for (let step = 0; step < steps; step += 1) {
    losses.push([await model.trainOnBatch(x, y)].flat()[0] as number);
  }
  return losses;
}
