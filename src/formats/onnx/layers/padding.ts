/**
 * The padding of convolutions and poolings as TensorFlow pads.
 */
import type { tf } from "../../../engine/tensorflow";
import { type Attributes, ints, string } from "../graph";
import { unsupported } from "../layer-writer";

/** A window that moves over the axes between batch and channels. */
export interface Window {
  readonly padding: "valid" | "same" | "causal";
  readonly size: readonly number[];
  readonly strides: readonly number[];
  readonly dilations?: readonly number[];
}

/**
 * Returns the attribute for a window's padding on axes of the given lengths.
 *
 * "same" gives ⌈length / stride⌉ positions and pads as much as they need, the larger half at the
 * end. Where the length is unknown until the model runs and the stride is above 1, ONNX's
 * `SAME_UPPER` says the same. "causal" pads the beginning only.
 *
 * Source: TensorFlow, `tf.nn` "Notes on padding"; ONNX, operator `Conv`.
 */
export function paddingOf(
  layer: tf.layers.Layer,
  window: Window,
  lengths: readonly (number | null)[],
): Attributes {
  const { padding, size, strides } = window;
  const dilations = window.dilations ?? size.map(() => 1);
  const reach = size.map((each, axis) => (each - 1) * dilations[axis]!);
  if (padding === "valid") return {};
  if (padding === "causal")
    return pads(
      reach,
      reach.map(() => 0),
    );
  const totals = lengths.map((length, axis) => {
    const stride = strides[axis]!;
    if (length === null) return stride === 1 ? reach[axis]! : null;
    const positions = Math.ceil(length / stride);
    return Math.max((positions - 1) * stride + reach[axis]! + 1 - length, 0);
  });
  const known = totals.filter((total) => total !== null);
  if (known.length === totals.length) {
    const before = known.map((total) => Math.floor(total / 2));
    return pads(
      before,
      known.map((total, axis) => total - before[axis]!),
    );
  }
  if (dilations.some((rate) => rate !== 1)) {
    throw unsupported(
      layer,
      "known lengths of the axes with strides, dilation and padding same",
      JSON.stringify(lengths),
    );
  }
  return { auto_pad: string("SAME_UPPER") };
}

function pads(before: readonly number[], after: readonly number[]): Attributes {
  return { pads: ints([...before, ...after]) };
}
