/**
 * A model's weights as arrays, out of the model and back into it.
 *
 * The order is Keras's: layer by layer, and in each layer the trainable arrays before the others. tfjs's own
 * `model.getWeights()` puts all trainable arrays of the whole model first, which is another order as soon as the model
 * normalises batches.
 */
import { inspect } from "node:util";
import { tf } from "../engine/tensorflow";

type Layer = tf.layers.Layer;

/** An array that can be put into a model. Both a {@link WeightArray} and an array of one's own will do. */
export interface WeightValues {
  readonly data: ArrayLike<number>;
  readonly shape: readonly number[];
}

/** One array of weights: a copy, which no training changes. */
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

  /** Name, shape and type, such as `conv2d_Conv2D1/kernel (3, 3, 3, 32) float32`. */
  toString(): string {
    return `${this.name} ${shapeText(this.shape)} ${this.dtype}`;
  }

  /** What `console.log` and a notebook cell show: not a million numbers. */
  [inspect.custom](): string {
    return `WeightArray ${this.toString()}`;
  }
}

/**
 * Copies of all weights of a model, in the order of Keras's `get_weights`.
 *
 * A dense layer gives its kernel (inputs, units) and its biases (units,), a convolution its kernel (height, width,
 * channels, filters) and its biases (filters,), a batch normalisation gamma, beta, moving mean and moving variance. Layers
 * that have no weights give nothing. A layer that is used several times counts once. The argument may be one layer of a
 * model. An empty list if nothing has weights.
 */
export function getWeights(model: tf.LayersModel | Layer): WeightArray[] {
  return variablesOf(model).map((variable) => {
    const data = Float32Array.from(variable.read().dataSync());
    return new WeightArray(variable.originalName, data, shapeOf(variable));
  });
}

/**
 * Puts arrays into a model, or into one layer of it, in the order {@link getWeights} gives them. Either all are put in or, if one does not fit, none.
 *
 * Throws a RangeError if there are more or fewer arrays than the model has, if one has another shape than the weights it
 * is for, if its data are not as many as its shape says, or if a value is not a finite number.
 */
export function setWeights(
  model: tf.LayersModel | Layer,
  arrays: readonly WeightValues[],
): void {
  const variables = variablesOf(model);
  if (arrays.length !== variables.length) {
    throw new RangeError(
      `Expected ${variables.length} arrays of weights, received ${arrays.length}`,
    );
  }
  variables.forEach((variable, index) => check(arrays[index]!, variable));
  tf.tidy(() =>
    variables.forEach((variable, index) => {
      const { data } = arrays[index]!;
      variable.write(tf.tensor(Float32Array.from(data), shapeOf(variable)));
    }),
  );
}

/** The weights are in tfjs's type as "any shape"; those of a layer that was built are known. */
function shapeOf(variable: tf.LayerVariable): number[] {
  return variable.shape as number[];
}

function variablesOf(layer: Layer): tf.LayerVariable[] {
  const { layers } = layer as Partial<tf.LayersModel>;
  const variables =
    layers === undefined ? layer.weights : layers.flatMap(variablesOf);
  return [...new Set(variables)];
}

function check(array: WeightValues, variable: tf.LayerVariable): void {
  const { originalName: name } = variable;
  const shape = shapeOf(variable);
  const sameShape =
    array.shape.length === shape.length &&
    shape.every((length, axis) => array.shape[axis] === length);
  if (!sameShape) {
    throw new RangeError(
      `Expected an array of shape ${shapeText(shape)} for ${name}, received ${shapeText(array.shape)}`,
    );
  }
  const size = shape.reduce((product, length) => product * length, 1);
  if (array.data.length !== size) {
    throw new RangeError(
      `Expected ${size} values for ${name} of shape ${shapeText(shape)}, received ${array.data.length}`,
    );
  }
  const place = Array.prototype.findIndex.call(
    array.data,
    (value) => !Number.isFinite(value),
  );
  if (place !== -1) {
    throw new RangeError(
      `Expected finite numbers for ${name}, received ${array.data[place]} at place ${place}`,
    );
  }
}

/** Writes a shape as Python writes a tuple. */
function shapeText(shape: readonly number[]): string {
  return shape.length === 1 ? `(${shape[0]},)` : `(${shape.join(", ")})`;
}
