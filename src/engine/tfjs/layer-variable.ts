/**
 * The variables of a model's layers.
 */
import type { tf } from "./library";
import type { ModelInternals } from "./model-internals";

/** Returns the variables of a model, each once. */
export function variablesOf(model: ModelInternals): tf.LayerVariable[] {
  return [...new Set((model as unknown as tf.LayersModel).weights)];
}

/**
 * Gives a variable another value of its shape. Unlike the variable's own `write`, does not apply
 * its constraint: the value would differ from the one that was trained or saved.
 */
export function assignValue(
  variable: tf.LayerVariable,
  value: tf.Tensor,
): void {
  (variable.read() as tf.Variable).assign(value);
}

/**
 * Gives variables other values, as {@link assignValue} does, and returns copies of those that they
 * had.
 */
export function exchangeValues(
  variables: readonly tf.LayerVariable[],
  values: readonly tf.Tensor[],
): tf.Tensor[] {
  return variables.map((variable, index) => {
    const had = variable.read().clone();
    assignValue(variable, values[index]!);
    return had;
  });
}
