/**
 * Callbacks that read and set the learning rate of the model's optimizer.
 */
import { tf } from "../../engine/tensorflow";
import { coded } from "../../notebook/coded-error";

type Model = Parameters<tf.CustomCallback["setModel"]>[0];

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

/** A callback that knows the model; its functions receive numbers in logs. */
class OptimizerCallback extends tf.CustomCallback {
  readonly #setModel: (model: tf.LayersModel) => void;

  constructor(
    functions: tf.CustomCallbackArgs,
    setModel: (model: tf.LayersModel) => void,
  ) {
    super(functions, "never");
    this.#setModel = setModel;
  }

  override setModel(model: Model): void {
    this.#setModel(model as tf.LayersModel);
  }
}

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
  return new OptimizerCallback(functionsFor({ get, set }), (given) => {
    model = given;
  });
}
