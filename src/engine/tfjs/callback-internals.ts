/**
 * Members of tfjs's callbacks that the engine wraps or reads and that its types do not declare.
 */
import { createRequire } from "node:module";
import type { tf } from "./library";

/** The functions that tfjs stores for an object of callbacks (`tf.CustomCallback`). */
interface CustomCallbackInternals {
  readonly batchBegin?: object | null;
  readonly batchEnd?: object | null;
  readonly yield?: object | null;
}

/** Returns the functions that a callback was made of. */
export function callbackInternals(
  callback: tf.CustomCallback,
): CustomCallbackInternals {
  return callback as unknown as CustomCallbackInternals;
}

/**
 * The exports of tfjs-layers, which tfjs and tfjs-node re-export: replacing a function here
 * replaces it for all of them.
 */
export const layersExports = createRequire(__filename)(
  "@tensorflow/tfjs-layers",
) as {
  registerCallbackConstructor(level: number, constructor: unknown): void;
};
