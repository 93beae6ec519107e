/**
 * Weight regularizers with Keras's defaults.
 */
import { tf } from "../engine/tensorflow";
import { checkRange } from "../check";

/** Options of {@link l1l2}. */
export interface L1L2Options {
  /** Factor of Σ |w|; 0 by default. */
  readonly l1?: number;
  /** Factor of Σ w²; 0 by default. */
  readonly l2?: number;
}

/**
 * Creates a regularizer with the penalty l1 · Σ |w| + l2 · Σ w², in nats.
 *
 * `options` {@link L1L2Options}: `l1` 0, `l2` 0. Throws a RangeError (`ERR_INVALID_VALUE`) if one
 * is below 0. In `tf.regularizers.l1l2` an omitted factor is 0.01. Source: Keras 3, `L1L2`.
 */
export function l1l2({ l1 = 0, l2 = 0 }: L1L2Options = {}) {
  checkRange("l1", l1, 0);
  checkRange("l2", l2, 0);
  return tf.regularizers.l1l2({ l1, l2 });
}
