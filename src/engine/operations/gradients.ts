/**
 * Gradients computed by TensorFlow's own operations.
 *
 * tfjs composes the gradient of an activation of a comparison, a cast and a product, each over the
 * whole tensor, and keeps the activation's input for it. TensorFlow has one operation, which needs
 * only the output, and the next layer keeps that anyway. Such an operation bypasses tfjs's tape.
 * Therefore tfjs's composition is used if the gradient is itself differentiated, or if tfjs uses
 * another backend.
 */
import { typeAttribute } from "../tfjs/attribute";
import { execute, isTensorFlowBackend } from "../tfjs/backend";
import { gradientDepth } from "../tfjs/engine-state";
import { tf } from "../tfjs/library";
import { wasBiasAdded } from "./kernels";

/** Creates the improved gradient from the previous one, as registered in tfjs. */
type GradientImprovement = (
  previous: tf.GradConfig,
) => Omit<tf.GradConfig, "kernelName">;

const float = [typeAttribute("T", "float32")];

const one = (dy: tf.Tensor | tf.Tensor[]) => dy as tf.Tensor;

/**
 * Whether a gradient must be composed of tfjs's operations; to be called in the gradient's
 * function.
 */
export function mustCompose(): boolean {
  return gradientDepth() > 0 || !isTensorFlowBackend();
}

/**
 * Computes dx from dy and the output y by one operation, to which `inputs` passes them in its
 * order. For gradients that also receive y in tfjs.
 */
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
 * y > 0 exactly if x > 0, so the output is as informative as the input, also for tfjs's
 * composition. (If x is NaN, TensorFlow's operation gives 0 and tfjs's composition NaN.)
 *
 * If gradients of gradients are computed, the input is kept as in tfjs. On tfjs's tape a kept
 * output does not depend on the input, so the second derivative would be an error instead of 0.
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
 * The gradient of adding a bias; any other addition is unchanged.
 *
 * tfjs keeps both tensors for the gradient because of their shapes. The larger one, a convolution's
 * whole output, is not needed for a bias. tfjs queries what to keep right after the kernel has run,
 * so the kernel can report it.
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
 * Returns the sum of dy over all axes but the last.
 *
 * Not with TensorFlow's `BiasAddGrad`, which adds up a long column in a single float32, nor as a
 * product with a row of ones: on AMD processors that is less accurate than tfjs's `sum`.
 */
function biasGradient(dy: tf.Tensor): tf.Tensor {
  const axes = dy.shape.slice(0, -1).map((_, axis) => axis);
  return tf.sum(dy, axes);
}

/** Gradients by the tfjs names of their kernels. */
export const gradientImprovements: Readonly<
  Record<string, GradientImprovement>
> = {
  Add: add,
  Relu: relu,
  Sigmoid: fromOutput("SigmoidGrad", (dy, y) => [y, dy]),
  Tanh: fromOutput("TanhGrad", (dy, y) => [y, dy]),
};
