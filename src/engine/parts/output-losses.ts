/**
 * Makes models with outputs of different ranks trainable.
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
        const ranks = new Set(this.outputs.map(({ shape }) => shape.length));
        if (ranks.size < 2) return;
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
  Object.defineProperty(averaged, "name", { value: loss.name });
  return isStockFunction(loss) ? declarePart(averaged) : averaged;
}
