/**
 * Dropout with masks drawn by TensorFlow (Srivastava et al. 2014).
 *
 * Units are dropped with probability `rate` and the others multiplied by 1 / (1 − rate), in
 * training only, as in tfjs. There is one intentional difference: a layer with its own `seed` draws
 * a new mask in each step, from (seed, step). In tfjs it drops the same units in every batch.
 */
import { attribute, typeAttribute } from "../tfjs/attribute";
import { execute } from "../tfjs/backend";
import type { DropoutLayer } from "../tfjs/layer-internals";
import { tf } from "../tfjs/library";
import { randomBits } from "./randomness";

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
    // Two multiplications: one by the mask, and one by the scale, applied to the mask if it is
    // smaller.
    return tf.mul(input, tf.mul(tf.cast(kept, "float32"), 1 / (1 - rate)));
  });
}

/** Independently true with probability 1 − rate. */
function keepMask(
  shape: readonly number[],
  rate: number,
  seed: number | undefined,
): tf.Tensor {
  const size = tf.util.sizeFromShape([...shape]);
  // Eight bits are exact if the rate is a multiple of 1/256, such as 0.5 and 0.25. Each drawn word
  // then serves four units.
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

/**
 * Bytes stay inside TensorFlow: tfjs has no uint8, and treats a tensor of that type as int32
 * without inspecting it.
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
