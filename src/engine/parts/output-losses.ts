/**
 * Makes models trainable whose outputs have different numbers of steps or pixels.
 *
 * tfjs adds the losses of all outputs before it averages them. A loss has one value for each
 * sample, step or pixel, so that those of a class and of an image cannot be added.
 */
import { hookMethod } from "../tfjs/hook";
import { tf } from "../tfjs/library";
import { once } from "../tfjs/once";
import { declarePart } from "./declared-parts";
import { isStockFunction } from "./stock-functions";

type Loss = (labels: tf.Tensor, predictions: tf.Tensor) => tf.Tensor;

interface CompiledModel {
  readonly outputs: readonly tf.SymbolicTensor[];
  lossFunctions: Loss[];
  compile(settings: tf.ModelCompileArgs): void;
}

/** Wraps `compile` of all models. */
export const averageLosses = once(() => {
  hookMethod(
    tf.LayersModel.prototype as unknown as CompiledModel,
    "compile",
    (compile) =>
      function (this: CompiledModel, settings) {
        compile.call(this, settings);
        const steps = new Set(
          this.outputs.map(({ shape }) => shape.slice(1, -1).join()),
        );
        if (steps.size < 2) return;
        this.lossFunctions = this.lossFunctions.map(perSample);
      },
  );
});

/** Returns a loss with one value for each sample, the mean of its values, of the same name. */
function perSample(loss: Loss): Loss {
  const averaged: Loss = (labels, predictions) =>
    tf.tidy(() => {
      const values = loss(labels, predictions);
      const axes = values.shape.map((_, axis) => axis).slice(1);
      return axes.length === 0 ? values : tf.mean(values, axes);
    });
  Object.assign(averaged, loss);
  Object.defineProperties(averaged, {
    name: { value: loss.name },
    // The text of the user's function is part of a run's identity.
    toString: { value: () => loss.toString() },
  });
  return isStockFunction(loss) ? declarePart(averaged) : averaged;
}
