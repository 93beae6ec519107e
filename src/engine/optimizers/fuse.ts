/**
 * Selects the optimizers whose updates the engine writes.
 */
import { tf } from "../tfjs/library";
import {
  knownOptimizer,
  optimizerInternals,
  settingFields,
  updateMethods,
} from "../tfjs/optimizer-internals";
import { fuseAdagrad } from "./adagrad";
import { fuseAdam } from "./adam";
import { fuseAdamax } from "./adamax";
import type { FusedUpdate } from "./fused-update";
import { foreignRegistration } from "../parts/registrations";
import { isStockFunction, isStockInstance } from "../parts/stock-functions";
import { fuseGradientDescent, fuseMomentum } from "./gradient-descent";
import { fuseRmsProp } from "./rms-prop";

/**
 * Returns the update of an optimizer as TensorFlow operations. Returns undefined for an optimizer
 * that is not supported: Adadelta, centered RMSProp, classes that are not tfjs's own (even if they
 * extend one of them), and optimizers with a method that the user has replaced.
 */
export function fuse(optimizer: tf.Optimizer): FusedUpdate | undefined {
  // The recorder observes the optimizer through a method on the instance.
  if (!Object.isExtensible(optimizer)) return undefined;
  // tfjs's composed update would run the user's kernels.
  if (foreignRegistration() !== undefined) return undefined;
  if (!isStockInstance(optimizer)) return undefined;
  const internals = optimizerInternals(optimizer);
  for (const name of updateMethods) {
    if (!isStockFunction(internals[name])) return undefined;
  }
  for (const name of settingFields) {
    // tfjs reads a setting whenever it needs it; an accessor may count the reads.
    if (Object.getOwnPropertyDescriptor(optimizer, name)?.get) return undefined;
  }
  // tfjs throws an error for an optimizer that was disposed of.
  const { c } = internals;
  if (c instanceof tf.Tensor && c.isDisposed) return undefined;
  const known = knownOptimizer(optimizer);
  switch (known?.kind) {
    case "sgd":
      return fuseGradientDescent(known.optimizer);
    case "momentum":
      return fuseMomentum(known.optimizer);
    case "adam":
      return fuseAdam(known.optimizer);
    case "adamax":
      return fuseAdamax(known.optimizer);
    case "adagrad":
      return fuseAdagrad(known.optimizer);
    case "rmsprop":
      return fuseRmsProp(known.optimizer);
    default:
      return undefined;
  }
}
