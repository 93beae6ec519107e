/**
 * The AdamW optimizer, compatible with Keras: Adam with weight decay.
 */
import { checkRange } from "../../check";
import { registerPart } from "../registered-class";
import { KerasAdam, type AdamOptions } from "./adam";
import type { KerasOptimizer } from "./keras-optimizer";

class KerasAdamW extends KerasAdam {
  static override readonly className: string = "KerasAdamW";

  constructor(options: AdamOptions = {}) {
    const { weightDecay = 0.004 } = options;
    checkRange("weightDecay", weightDecay, 0);
    super({ ...options, weightDecay });
  }
}

registerPart(KerasAdamW);

/**
 * Creates an AdamW optimizer: Adam whose weights also shrink by a share of the learning rate in
 * each step.
 *
 * `options` {@link AdamOptions}, as for {@link adam}, and `weightDecay` 0.004 by default. Throws a
 * RangeError (`ERR_INVALID_VALUE`) if an option is out of range.
 *
 * Source: Keras 3, `AdamW`; Loshchilov and Hutter 2019, "Decoupled weight decay regularization".
 */
export function adamW(options: AdamOptions = {}): KerasOptimizer {
  return new KerasAdamW(options);
}
