/**
 * Gradients by TensorFlow's own operations.
 *
 * tfjs composes the gradient of an activation of a comparison, a cast and a product, each over the whole tensor, and keeps the
 * activation's input for it. TensorFlow has one operation, which needs the output only, and the next layer keeps that
 * anyway. Such an operation is called past tfjs's tape. So where the gradient is differentiated in its turn, and where tfjs uses another
 * backend, tfjs's own composition is taken.
 */
import { typeAttribute } from "../tfjs/attribute";
import { execute, isTensorFlowBackend } from "../tfjs/backend";
import { gradientDepth } from "../tfjs/engine-state";
import { tf } from "../tfjs/library";
import { wasBiasAdded } from "./kernels";

/** A gradient as tfjs registers it, and how it is made of the one there was. */
export type GradientImprovement = (
  previous: tf.GradConfig,
) => Omit<tf.GradConfig, "kernelName">;

const float = [typeAttribute("T", "float32")];

const one = (dy: tf.Tensor | tf.Tensor[]) => dy as tf.Tensor;

/** Whether a gradient must be made of tfjs's operations; asked in the gradient's function. */
export function mustCompose(): boolean {
  return gradientDepth() > 0 || !isTensorFlowBackend();
}

/** dx from dy and the output y, by one operation; `inputs` puts them into its order. For gradients to which tfjs gives y, too. */
function fromOutput(
  operation: string,
  inputs: (dy: tf.Tensor, y: tf.Tensor) => [tf.Tensor, tf.Tensor],
): GradientImprovement {
  return ({ gradFunc }) => ({
    outputsToSave: [true],
    gradFunc: (dy, saved, attributes) =>
      mustCompose()
        ? gradFunc(dy, saved, attributes)
        : { x: () => execute(operation, float, inputs(one(dy), saved[0]!)) },
  });
}

/**
 * y > 0 exactly where x > 0, so that the output tells as much as the input, to tfjs's composition as well. (Where x is NaN, TensorFlow's
 * operation gives 0 and tfjs's composition NaN.)
 *
 * Where gradients are taken of gradients the input is kept, as tfjs keeps it: on tfjs's tape a kept output does not depend on
 * the input, and the second derivative would be an error there instead of 0.
 */
const relu: GradientImprovement = ({ gradFunc }) => ({
  get inputsToSave() {
    return keepsInput() ? ["x"] : [];
  },
  get outputsToSave() {
    return [!keepsInput()];
  },
  gradFunc: (dy, saved, attributes) =>
    mustCompose()
      ? gradFunc(dy, saved, attributes)
      : { x: () => execute("ReluGrad", float, [one(dy), saved[0]!]) },
});

function keepsInput(): boolean {
  return gradientDepth() > 1 || !isTensorFlowBackend();
}

/**
 * The gradient of a bias; any other addition as before.
 *
 * tfjs keeps both tensors until the gradient is taken, for the sake of their shapes. The larger one, a convolution's whole output, is not
 * needed for a bias; tfjs asks what to keep right after the kernel has run, so the kernel can tell.
 */
const add: GradientImprovement = ({ gradFunc }) => ({
  get inputsToSave() {
    return wasBiasAdded() && isTensorFlowBackend() ? ["b"] : ["a", "b"];
  },
  gradFunc: (dy, saved, attributes) => {
    if (saved.length > 1) return gradFunc(dy, saved, attributes);
    return {
      a: () => one(dy).clone(),
      b: () => biasGradient(one(dy)),
    };
  },
});

/**
 * The sum of dy over all axes but the last.
 *
 * TensorFlow's own `BiasAddGrad` adds up a long column in one float32: over 10 000 equal numbers it is off by 1e-4, tfjs's `sum` by 1e-6
 * (one channel) to 2e-5. Where there are many rows of many channels, a product with a row of ones is faster than both, and off by 4e-6.
 */
function biasGradient(dy: tf.Tensor): tf.Tensor {
  const channels = dy.shape.at(-1)!;
  const rows = dy.size / channels;
  if (rows >= 4096 && channels >= 32 && !mustCompose()) {
    return tf.tidy(() => {
      const matrix = tf.reshape<tf.Rank.R2>(dy, [rows, channels]);
      const ones = tf.fill<tf.Rank.R2>([1, rows], 1);
      return tf.reshape(tf.matMul(ones, matrix), [channels]);
    });
  }
  const axes = dy.shape.slice(0, -1).map((_, axis) => axis);
  return tf.sum(dy, axes);
}

/** Gradients by tfjs's names of their kernels. */
export const gradientImprovements: Readonly<
  Record<string, GradientImprovement>
> = {
  Add: add,
  Relu: relu,
  Sigmoid: fromOutput("SigmoidGrad", (dy, y) => [y, dy]),
  Tanh: fromOutput("TanhGrad", (dy, y) => [y, dy]),
};
