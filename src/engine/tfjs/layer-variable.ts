/**
 * The variables of a model's layers.
 */
import type { tf } from "./library";
import type { ModelInternals } from "./model-internals";

/** The variable that tfjs keeps in a layer's weight. */
interface WeightInternals {
  readonly val: tf.Variable;
}

/** Returns the variables of a model, each once. */
export function variablesOf(model: ModelInternals): tf.LayerVariable[] {
  return [...new Set((model as unknown as tf.LayersModel).weights)];
}

/**
 * Gives variables other values, and returns copies of those that they had. Unlike the variables'
 * own method, does not apply constraints, which would round again what they have already changed.
 */
export function exchangeValues(
  variables: readonly tf.LayerVariable[],
  values: readonly tf.Tensor[],
): tf.Tensor[] {
  return variables.map((variable, index) => {
    const had = variable.read().clone();
    (variable as unknown as WeightInternals).val.assign(values[index]!);
    return had;
  });
}
