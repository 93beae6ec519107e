/**
 * Callbacks that read and set the learning rate of the model's optimizer.
 */
import type { tf } from "../../engine/tensorflow";
import { coded } from "../../notebook/coded-error";
import { RunCallback } from "../../training/run-callback";

/** The learning rate of the optimizer of the model that is trained. */
export interface LearningRate {
  /**
   * Returns the learning rate.
   *
   * Throws an Error (`ERR_UNSUPPORTED`) if the optimizer has none.
   */
  get(): number;
  /**
   * Sets the learning rate from the next step on. Compiled steps stay valid.
   *
   * Throws what `get` throws, and an Error (`ERR_INVALID_STATE`) if a schedule determines the rate.
   */
  set(rate: number): void;
}

/**
 * Members of optimizers of TensorFlow.js and of this library. tfjs's gradient descent has the
 * method because it keeps the rate in a tensor, too.
 */
type WithRate = tf.Optimizer & {
  learningRate?: unknown;
  setLearningRate?(rate: number): void;
};

/** Creates a callback from functions that use the learning rate. */
export function optimizerCallback(
  functionsFor: (rate: LearningRate) => tf.CustomCallbackArgs,
): tf.CustomCallback {
  let model: tf.LayersModel | undefined;
  const optimizer = () => model!.optimizer as WithRate;
  const get = () => {
    const { learningRate } = optimizer();
    if (typeof learningRate === "number") return learningRate;
    throw coded(
      "ERR_UNSUPPORTED",
      new Error(
        `Expected an optimizer with a number \`learningRate\`, received ${optimizer().getClassName()} without one`,
      ),
    );
  };
  const set = (rate: number) => {
    get();
    const settable = optimizer();
    if (settable.setLearningRate) settable.setLearningRate(rate);
    else settable.learningRate = rate;
  };
  return new RunCallback({
    ...functionsFor({ get, set }),
    setModel: (given) => (model = given),
  });
}
