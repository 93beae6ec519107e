/**
 * Access to the cache in which tfjs-layers keeps the execution order of each model's layers.
 */
import { tf } from "./library";

/** Setting of tfjs-layers: the number of input and output combinations whose order it caches. */
const entries = "TOPOLOGICAL_SORT_CACHE_MAX_ENTRIES";

/**
 * Clears the cached execution order of all models.
 *
 * tfjs-layers keeps the last hundred orders, and with them the layers and weights of as many
 * models, in use or not. A model in use recomputes its order at its next step, in well under 1 ms.
 */
export function forgetLayerOrders(): void {
  const environment = tf.env();
  const allowed = environment.getNumber(entries);
  environment.set(entries, 0);
  environment.set(entries, allowed);
}
