/**
 * tfjs-layers' memory of the order in which to run a model's layers.
 */
import { tf } from "../tfjs/library";

/** tfjs-layers' own setting: for how many combinations of inputs and outputs it keeps the order. */
const entries = "TOPOLOGICAL_SORT_CACHE_MAX_ENTRIES";

/**
 * Makes tfjs-layers forget in which order to run the layers of each model.
 *
 * The last hundred orders are kept, and with them the layers and weights of as many models, in use
 * or not. A model that is in use finds its order again at its next step, in well under 1 ms.
 */
export function forgetLayerOrders(): void {
  const environment = tf.env();
  const allowed = environment.getNumber(entries);
  environment.set(entries, 0);
  environment.set(entries, allowed);
}
