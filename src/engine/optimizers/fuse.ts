/**
 * Which optimizers the engine knows.
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

/** The methods that make an update. */
const methods = [
  "applyGradients",
  "computeGradients",
  "incrementIterations",
  "minimize",
] as const;

/**
 * The update of an optimizer as TensorFlow's own operations; undefined for one that is not known: Adadelta, centred
 * RMSProp, every class that is not tfjs's own, even if it extends one of them, and one of whose methods the user has replaced.
 */
export function fuse(optimizer: tf.Optimizer): FusedUpdate | undefined {
  // It is listened to by a method on the instance.
  if (!Object.isExtensible(optimizer)) return undefined;
  // The update as tfjs composes it runs kernels of the user's.
  if (foreignRegistration() !== undefined) return undefined;
  if (!isStockInstance(optimizer)) return undefined;
  for (const name of methods) {
    const method = (optimizer as unknown as Record<string, unknown>)[name];
    if (!isStockFunction(method)) return undefined;
  }
  for (const name of settingFields) {
    // tfjs reads a setting when it needs it; an accessor may count how often.
    if (Object.getOwnPropertyDescriptor(optimizer, name)?.get) return undefined;
  }
  // What is left of an optimizer that was disposed of, tfjs refuses.
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
