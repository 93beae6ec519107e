/**
 * Options that all well-known networks share.
 */
import { checkCount, checkOneOf, checkPositive } from "../../check";
import { tf } from "../../engine/tensorflow";
import { coded } from "../../notebook/coded-error";

/** Options of a well-known network. */
export interface NetworkOptions {
  /** Height, width and channels of an image. The default is the paper's. */
  readonly inputShape?: readonly [
    height: number,
    width: number,
    channels: number,
  ];
  /** Number of classes. The default is the paper's: 10 for LeNet-5, 1,000 for the others. */
  readonly classes?: number;
  /**
   * Factor for the number of feature maps and hidden units of every layer, 1 by default. The number
   * of parameters grows about with its square.
   */
  readonly scale?: number;
  /** Activation of the output: "softmax" (default), or "linear" for logits. */
  readonly classifierActivation?: "softmax" | "linear";
  /**
   * Initializer of all kernels. The default is Glorot's uniform one, or He's normal one for
   * networks with residual units. "zeros" builds fastest, for models that are only counted.
   */
  readonly kernelInitializer?: KernelInitializer;
}

export type KernelInitializer = NonNullable<
  Parameters<typeof tf.layers.conv2d>[0]["kernelInitializer"]
>;

/** Options with all defaults filled in. */
export interface CheckedOptions {
  readonly inputShape: [number, number, number];
  readonly kernelInitializer: KernelInitializer;
  /** Scales a number of maps or units: the nearest integer, at least 1. */
  readonly scaled: (count: number) => number;
  /** Throws a RangeError with the code `ERR_SHAPE` if an image is smaller than `pixels` squared. */
  readonly requireSize: (pixels: number) => void;
  /** The output layer. */
  readonly classifier: (name: string) => tf.layers.Layer;
}

/**
 * Validates options and fills in a network's defaults.
 *
 * @throws RangeError `ERR_INVALID_VALUE` or `ERR_SHAPE` if an option breaks its rule.
 */
export function checkOptions(
  options: NetworkOptions,
  defaults: Required<Pick<NetworkOptions, "inputShape" | "classes">> &
    Pick<NetworkOptions, "kernelInitializer">,
): CheckedOptions {
  const { inputShape = defaults.inputShape, classes = defaults.classes } =
    options;
  const { scale = 1, classifierActivation = "softmax" } = options;
  const isShape = inputShape.every(
    (length) => Number.isInteger(length) && length > 0,
  );
  if (inputShape.length !== 3 || !isShape) {
    throw coded(
      "ERR_SHAPE",
      new RangeError(
        `Expected \`inputShape\` to be [height, width, channels], received [${inputShape.join(", ")}]`,
      ),
    );
  }
  checkCount("classes", classes);
  checkPositive("scale", scale);
  checkOneOf("classifierActivation", classifierActivation, [
    "softmax",
    "linear",
  ]);
  const kernelInitializer =
    options.kernelInitializer ?? defaults.kernelInitializer ?? "glorotUniform";
  const [height, width, channels] = inputShape;
  return {
    inputShape: [height, width, channels],
    kernelInitializer,
    scaled: (count) => Math.max(1, Math.round(count * scale)),
    requireSize(pixels) {
      if (height >= pixels && width >= pixels) return;
      throw coded(
        "ERR_SHAPE",
        new RangeError(
          `Expected images of at least ${pixels} × ${pixels}, received \`inputShape\` [${inputShape.join(", ")}]`,
        ),
      );
    },
    // The softmax is in the layer's activation, so that losses on logits find the logits.
    classifier: (name) =>
      tf.layers.dense({
        name,
        units: classes,
        activation: classifierActivation,
        kernelInitializer:
          kernelInitializer === "zeros" ? "zeros" : "glorotUniform",
      }),
  };
}
