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

/**
 * Returns the place of a curve's kind in the table. tfjs reports validation first; the table uses
 * Keras's order.
 */
export function curvePlace(name: string): number {
  if (name === "learning_rate") return 2;
  return name.startsWith("val_") ? 1 : 0;
}
