/**
 * Selects the optimizers whose updates the engine writes.
 */
import { tf } from "../tfjs/library";
import { fuseAdagrad, type Adagrad } from "./adagrad";
import { fuseAdam, type Adam } from "./adam";
import { fuseAdamax, type Adamax } from "./adamax";
import type { FusedUpdate } from "./fused-update";
import { foreignRegistration } from "../parts/registrations";
import { isStockFunction, isStockInstance } from "../parts/stock-functions";
import {
  fuseGradientDescent,
  fuseMomentum,
  type GradientDescent,
  type Momentum,
} from "./gradient-descent";
import { fuseRmsProp, type RmsProp } from "./rms-prop";
import { settingFields } from "./settings";

/** The methods that perform an update. */
const methods = [
  "applyGradients",
  "computeGradients",
  "incrementIterations",
  "minimize",
] as const;

/**
 * Returns the update of an optimizer as TensorFlow operations. Returns undefined for an optimizer
 * that is not supported: Adadelta, centred RMSProp, classes that are not tfjs's own (even if they
 * extend one of them), and optimizers with a method that the user has replaced.
 */
export function fuse(optimizer: tf.Optimizer): FusedUpdate | undefined {
  // The recorder observes the optimizer through a method on the instance.
  if (!Object.isExtensible(optimizer)) return undefined;
  // tfjs's composed update would run the user's kernels.
  if (foreignRegistration() !== undefined) return undefined;
  if (!isStockInstance(optimizer)) return undefined;
  for (const name of methods) {
    const method = (optimizer as unknown as Record<string, unknown>)[name];
    if (!isStockFunction(method)) return undefined;
  }
  for (const name of settingFields) {
    // tfjs reads a setting whenever it needs it; an accessor may count the reads.
    if (Object.getOwnPropertyDescriptor(optimizer, name)?.get) return undefined;
  }
  // tfjs throws an error for an optimizer that was disposed of.
  const { c } = optimizer as unknown as { c?: tf.Scalar };
  if (c?.isDisposed) return undefined;
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
