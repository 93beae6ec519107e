/**
 * Reading and writing a model's weights as arrays.
 *
 * The order is Keras's: layer by layer, with a layer's trainable arrays before the others. tfjs's
 * own `model.getWeights()` puts the trainable arrays of the whole model first, which differs for
 * models with batch normalization.
 */
import { inspect } from "node:util";
import { shapeText } from "../data/shape-text";
import { tf } from "../engine/tensorflow";
import { partsOf, withParts } from "../engine/tfjs/layer-parts";
import { assignValue } from "../engine/tfjs/layer-variable";
import { coded } from "../notebook/coded-error";

type Layer = tf.layers.Layer;

/** An array of weights: a {@link WeightArray} or any object with `data` and `shape`. */
export interface WeightValues {
  readonly data: ArrayLike<number>;
  readonly shape: readonly number[];
}

/** One array of weights, copied, so training does not change it. */
export class WeightArray implements WeightValues {
  /** Name of the variable, such as `conv2d_Conv2D1/kernel`. */
  readonly name: string;
  /** The values, in row-major order. */
  readonly data: Float32Array;
  readonly shape: readonly number[];
  readonly dtype = "float32" as const;

  constructor(name: string, data: Float32Array, shape: readonly number[]) {
    this.name = name;
    this.data = data;
    this.shape = shape;
  }

  /** Returns name, shape and type, such as `conv2d_Conv2D1/kernel (3, 3, 3, 32) float32`. */
  toString(): string {
    return `${this.name} ${shapeText(this.shape)} ${this.dtype}`;
  }

  /** The text for `console.log` and notebook cells, without the values. */
  [inspect.custom](): string {
    return `WeightArray ${this.toString()}`;
  }
}

/**
 * Returns copies of all weights of a model or a layer, in the order of Keras's `get_weights`.
 *
 * A dense layer has its kernel (inputs, units) and biases (units,), a convolution its kernel
 * (height, width, channels, filters) and biases (filters,), and batch normalization gamma, beta,
 * moving mean and moving variance. Layers without weights are skipped. A layer that is used several
 * times counts once. Returns an empty list if there are no weights.
 */
export function getWeights(model: tf.LayersModel | Layer): WeightArray[] {
  return variablesOf(model).map((variable) => {
    const data = Float32Array.from(variable.read().dataSync());
    return new WeightArray(variable.originalName, data, shapeOf(variable));
  });
}

/**
 * Sets the weights of a model or a layer, in the order of {@link getWeights}. Sets either all
 * arrays or, if one does not match, none. Constraints are not applied, as in Keras.
 *
 * Throws a RangeError if the number of arrays or a shape differs from the model's or the length of
 * an array's data does not match its shape (`ERR_SHAPE`), or if a value is not finite
 * (`ERR_NOT_FINITE`).
 */
export function setWeights(
  model: tf.LayersModel | Layer,
  arrays: readonly WeightValues[],
): void {
  const variables = variablesOf(model);
  if (arrays.length !== variables.length) {
    throw coded(
      "ERR_SHAPE",
      new RangeError(
        `Expected ${variables.length} arrays of weights, received ${arrays.length}`,
      ),
    );
  }
  variables.forEach((variable, index) => check(arrays[index]!, variable));
  tf.tidy(() =>
    variables.forEach((variable, index) => {
      const { data } = arrays[index]!;
      const values = tf.tensor(Float32Array.from(data), shapeOf(variable));
      assignValue(variable, values);
    }),
  );
}

/**
 * Returns copies of all variables of a model, for {@link writeWeights}. The caller disposes of
 * them. The order is that of tfjs's `getWeights`, which checkpoints have.
 *
 * Unlike tfjs's `getWeights` and `setWeights`, this also works for a model with a frozen model as
 * one of its layers: tfjs lists the weights of such a model in two different orders.
 */
export function readWeights(model: tf.LayersModel): tf.Tensor[] {
  return [...new Set(model.weights)].map((weight) => weight.read().clone());
}

/** Writes values of {@link readWeights} to a model. */
export function writeWeights(
  model: tf.LayersModel,
  values: readonly tf.Tensor[],
): void {
  for (const [index, weight] of [...new Set(model.weights)].entries()) {
    assignValue(weight, values[index]!);
  }
}

/** Returns the shape of a variable. tfjs's type allows unknown axes, but a built layer has none. */
function shapeOf(variable: tf.LayerVariable): number[] {
  return variable.shape as number[];
}

/** Returns the variables of a model or a layer, in the order of {@link getWeights}. */
export function variablesOf(layer: Layer): tf.LayerVariable[] {
  const parts = partsOf(withParts(layer)) as unknown as readonly Layer[];
  const variables = new Set(parts.flatMap(variablesOf));
  if (layer instanceof tf.LayersModel) return [...variables];
  // A wrapper of a model lists the weights that are not trained last; the model does not.
  const own = new Set(layer.weights);
  const isSame =
    variables.size === own.size &&
    [...own].every((each) => variables.has(each));
  return [...(isSame ? variables : own)];
}

function check(array: WeightValues, variable: tf.LayerVariable): void {
  const { originalName: name } = variable;
  const shape = shapeOf(variable);
  const sameShape =
    array.shape.length === shape.length &&
    shape.every((length, axis) => array.shape[axis] === length);
  if (!sameShape) {
    throw coded(
      "ERR_SHAPE",
      new RangeError(
        `Expected an array of shape ${shapeText(shape)} for ${name}, received ${shapeText(array.shape)}`,
      ),
    );
  }
  const size = shape.reduce((product, length) => product * length, 1);
  if (array.data.length !== size) {
    throw coded(
      "ERR_SHAPE",
      new RangeError(
        `Expected ${size} values for ${name} of shape ${shapeText(shape)}, received ${array.data.length}`,
      ),
    );
  }
  const index = Array.prototype.findIndex.call(
    array.data,
    (value) => !Number.isFinite(value),
  );
  if (index !== -1) {
    throw coded(
      "ERR_NOT_FINITE",
      new RangeError(
        `Expected finite numbers for ${name}, received ${array.data[index]} at index ${index}`,
      ),
    );
  }
}
