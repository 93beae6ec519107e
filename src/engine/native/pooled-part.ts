/**
 * Finds the part of a convolution's outputs that the pooling after it reads.
 *
 * A pooling of 2 × 2 does not read the last row and column of 29 × 29 outputs, so the convolution
 * need not compute them.
 */
import type { Lowering } from "./lowering";
import { attributeOf, type Value } from "./values";

/**
 * Returns the shape of the part of an image that is read: its first rows and columns if a pooling
 * is all that uses the image, otherwise all of it.
 */
export function shapeRead(lowering: Lowering, image: Value): readonly number[] {
  const pool =
    lowering.onlyUser(image, "MaxPool") ?? lowering.onlyUser(image, "AvgPool");
  const isOfImage = String(pool?.inputs[0]?.shape) === String(image.shape);
  if (!pool || !isOfImage || attributeOf(pool, "padding") !== "VALID") {
    return image.shape;
  }
  const sizes = attributeOf<number[]>(pool, "ksize");
  const strides = attributeOf<number[]>(pool, "strides");
  const [result] = pool.outputs;
  return image.shape.map((length, axis) =>
    Math.min(
      length,
      (result!.shape[axis]! - 1) * strides[axis]! + sizes[axis]!,
    ),
  );
}
