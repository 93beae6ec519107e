/**
 * What a curve is called.
 */

/**
 * Keras's name for a metric of tfjs: `acc`, which tfjs makes of the string "accuracy", becomes `accuracy`, with and
 * without `val_` before it. Every other name stays.
 */
export function curveName(name: string): string {
  return name.replace(/^(val_)?acc$/, "$1accuracy");
}
