/**
 * The gearbox's catalogue: which optimizers the engine knows.
 */
import { tf } from "../tfjs/library";
import { fuseAdagrad, type Adagrad } from "./adagrad";
import { fuseAdam, type Adam } from "./adam";
import { fuseAdamax, type Adamax } from "./adamax";
import type { FusedUpdate } from "./fused-update";
import {
  fuseGradientDescent,
  fuseMomentum,
  type GradientDescent,
  type Momentum,
} from "./gradient-descent";
import { fuseRmsProp, type RmsProp } from "./rms-prop";

/**
 * The update of an optimizer as TensorFlow's own operations; undefined for one that is not known: Adadelta, centred
 * RMSProp, and every class that is not tfjs's own, even if it extends one of them.
 */
export function fuse(optimizer: tf.Optimizer): FusedUpdate | undefined {
  if (Object.hasOwn(optimizer, "applyGradients")) return undefined;
  switch (Object.getPrototypeOf(optimizer) as unknown) {
    case tf.SGDOptimizer.prototype:
      return fuseGradientDescent(optimizer as unknown as GradientDescent);
    case tf.MomentumOptimizer.prototype:
      return fuseMomentum(optimizer as unknown as Momentum);
    case tf.AdamOptimizer.prototype:
      return fuseAdam(optimizer as unknown as Adam);
    case tf.AdamaxOptimizer.prototype:
      return fuseAdamax(optimizer as unknown as Adamax);
    case tf.AdagradOptimizer.prototype:
      return fuseAdagrad(optimizer as unknown as Adagrad);
    case tf.RMSPropOptimizer.prototype:
      return fuseRmsProp(optimizer as unknown as RmsProp);
    default:
      return undefined;
  }
}

/**
 * Whether an optimizer may be recorded as it is: one of tfjs's own classes, whose steps differ in nothing but the numbers of
 * its variables for as long as its settings stay.
 */
export function isRecordable(optimizer: tf.Optimizer): boolean {
  const own = Object.getPrototypeOf(optimizer) as unknown;
  return (
    !Object.hasOwn(optimizer, "applyGradients") &&
    (own === tf.AdadeltaOptimizer.prototype ||
      own === tf.RMSPropOptimizer.prototype)
  );
}
