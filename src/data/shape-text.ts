/**
 * Formats shapes.
 */

/**
 * Formats a shape like a Python tuple: `(2, 3)`, `(2,)`. `None` stands for an axis of variable
 * length.
 */
export function shapeText(shape: readonly (number | null)[]): string {
  const axes = shape.map((length) => length ?? "None");
  return axes.length === 1 ? `(${axes[0]},)` : `(${axes.join(", ")})`;
}
