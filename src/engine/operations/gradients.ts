/**
 * The workshop: gradients by TensorFlow's own operations.
 *
 * tfjs composes the gradient of an activation of a comparison, a cast and a product, each over the whole tensor, and keeps the
 * activation's input for it. TensorFlow has one operation, which needs the output only, and the next layer keeps that
 * anyway.
 */
import { typeAttribute } from "../tfjs/attribute";
import { execute } from "../tfjs/backend";
import { tf } from "../tfjs/library";
import { biasGradient, wasBiasAdded } from "./kernels";

/** A gradient as tfjs registers it, and how it is made of the one there was. */
export type GradientImprovement = (
  previous: tf.GradConfig,
) => Omit<tf.GradConfig, "kernelName">;

const float = [typeAttribute("T", "float32")];

const one = (dy: tf.Tensor | tf.Tensor[]) => dy as tf.Tensor;

/** dx from dy and the output y, by one operation; `inputs` puts them into its order. */
function fromOutput(
  operation: string,
  inputs: (dy: tf.Tensor, y: tf.Tensor) => [tf.Tensor, tf.Tensor],
): GradientImprovement {
  return () => ({
    outputsToSave: [true],
    gradFunc: (dy, [y]) => ({
      x: () => execute(operation, float, inputs(one(dy), y!)),
    }),
  });
}

/**
 * The gradient of a bias; any other addition as before.
 *
 * tfjs keeps both tensors until the gradient is taken, for the sake of their shapes. The larger one, a convolution's whole output, is not
 * needed for a bias; tfjs asks what to keep right after the kernel has run, so the kernel can tell.
 */
const add: GradientImprovement = (previous) => ({
  get inputsToSave() {
    return wasBiasAdded() ? ["b"] : ["a", "b"];
  },
  gradFunc: (dy, saved, attributes) => {
    if (saved.length > 1) return previous.gradFunc(dy, saved, attributes);
    return {
      a: () => one(dy).clone(),
      b: () => biasGradient(one(dy)),
    };
  },
});

/** Gradients by tfjs's names of their kernels. y > 0 exactly where x > 0, so that Relu's output tells as much as its input. */
export const gradientImprovements: Readonly<
  Record<string, GradientImprovement>
> = {
  Add: add,
  Relu: fromOutput("ReluGrad", (dy, y) => [dy, y]),
  Relu6: fromOutput("Relu6Grad", (dy, y) => [dy, y]),
  Sigmoid: fromOutput("SigmoidGrad", (dy, y) => [y, dy]),
  Tanh: fromOutput("TanhGrad", (dy, y) => [y, dy]),
};
