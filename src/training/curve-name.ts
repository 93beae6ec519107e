/**
 * Names of training curves.
 */

/**
 * Converts a metric's name in tfjs to Keras's: tfjs's `acc`, for the string "accuracy", becomes
 * `accuracy`, with and without the prefix `val_`. Returns other names unchanged.
 */
export function curveName(name: string): string {
  return name.replace(/^(val_)?acc$/, "$1accuracy");
}
