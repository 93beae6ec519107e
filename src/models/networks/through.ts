/**
 * Connects layers one after another.
 */
import type { tf } from "../../engine/tensorflow";

/** The values of a model between two layers. */
export type Values = tf.SymbolicTensor;

/** Returns the values after several layers. */
export function through(
  values: Values,
  ...layers: readonly tf.layers.Layer[]
): Values {
  return layers.reduce(
    (result, layer) => layer.apply(result) as Values,
    values,
  );
}
