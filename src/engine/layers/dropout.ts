/**
 * Dropout (Srivastava et al. 2014), with masks drawn by TensorFlow.
 *
 * Units are dropped with probability `rate` and the others multiplied by 1 / (1 − rate), in training only, as tfjs has
 * it. One thing differs, on purpose: a layer with a `seed` of its own draws a fresh mask in each step, by (seed, step);
 * in tfjs it drops the same units in every batch.
 */
import { attribute, typeAttribute } from "../tfjs/attribute";
import { execute } from "../tfjs/backend";
import { tf } from "../tfjs/library";
import { randomBits } from "./randomness";

/** The fields of tfjs's dropout layers that are read. */
export interface DropoutLayer {
  readonly rate: number;
  readonly seed?: number;
  getNoiseShape(input: tf.Tensor): number[] | null | undefined;
  invokeCallHook(inputs: tf.Tensor | tf.Tensor[], kwargs: object): void;
}

/** `call` of tfjs's `Dropout` and of the layers that extend it. */
export function callDropout(
  layer: DropoutLayer,
  inputs: tf.Tensor | tf.Tensor[],
  kwargs: { readonly training?: boolean },
): tf.Tensor | tf.Tensor[] {
  return tf.tidy(() => {
    layer.invokeCallHook(inputs, kwargs);
    const input = Array.isArray(inputs) ? inputs[0]! : inputs;
    const { rate } = layer;
    if (!(rate > 0 && rate < 1)) return inputs;
    if (kwargs.training !== true) return input;
    const shape = layer.getNoiseShape(input) ?? input.shape;
    const kept = keepMask(shape, rate, layer.seed ?? undefined);
    // A number for a number: one multiplication of what is dropped and kept, one for the scale, over the mask if that is smaller.
    return tf.mul(input, tf.mul(tf.cast(kept, "float32"), 1 / (1 - rate)));
  });
}

/** True with probability 1 − rate, each on its own. */
function keepMask(
  shape: readonly number[],
  rate: number,
  seed: number | undefined,
): tf.Tensor {
  const size = tf.util.sizeFromShape([...shape]);
  // Eight bits decide exactly if the rate is a number of 256ths, as 0.5 and 0.25 are: four units a word drawn.
  if (!Number.isInteger(rate * 256)) {
    const words = tf.reshape(randomBits(size, seed), [...shape]);
    const threshold = Math.round(rate * 2 ** 32) - 2 ** 31;
    return tf.greaterEqual(words, tf.scalar(threshold, "int32"));
  }
  const words = Math.ceil(size / 4);
  const bytes = asBytes(randomBits(words, seed));
  const flat = reshapeBytes(bytes, [words * 4]);
  const enough = words * 4 === size ? flat : firstBytes(flat, size);
  return execute(
    "GreaterEqual",
    [typeAttribute("T", "uint8")],
    [reshapeBytes(enough, shape), byteScalar(rate * 256)],
  );
}

/*
 * Bytes stay inside TensorFlow: tfjs has no uint8, and takes a tensor of that type for int32 without looking inside.
 */

function asBytes(words: tf.Tensor): tf.Tensor {
  const attributes = [
    typeAttribute("T", "int32"),
    typeAttribute("type", "uint8"),
  ];
  return execute("Bitcast", attributes, [words]);
}

function reshapeBytes(bytes: tf.Tensor, shape: readonly number[]): tf.Tensor {
  const attributes = [
    typeAttribute("T", "uint8"),
    typeAttribute("Tshape", "int32"),
  ];
  return execute("Reshape", attributes, [
    bytes,
    tf.tensor1d([...shape], "int32"),
  ]);
}

function firstBytes(bytes: tf.Tensor, count: number): tf.Tensor {
  const attributes = [
    typeAttribute("T", "uint8"),
    typeAttribute("Index", "int32"),
  ];
  return execute("Slice", attributes, [
    bytes,
    tf.tensor1d([0], "int32"),
    tf.tensor1d([count], "int32"),
  ]);
}

function byteScalar(value: number): tf.Tensor {
  const attributes = [
    typeAttribute("SrcT", "int32"),
    typeAttribute("DstT", "uint8"),
    attribute("Truncate", false),
  ];
  return execute("Cast", attributes, [tf.scalar(value, "int32")]);
}
