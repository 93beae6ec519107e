/**
 * Finds the part of a convolution's outputs that the pooling after it reads, and whether the
 * convolution can pool them itself.
 *
 * A pooling of 2 × 2 does not read the last row and column of 29 × 29 outputs, so the convolution
 * need not compute them.
 */
import type { Lowering } from "./lowering";
import { attributeOf, sizeOf, type StepNode, type Value } from "./values";

/**
 * Returns the shape of the part of an image that is read: its first rows and columns if a pooling
 * is all that uses the image, otherwise all of it.
 */
export function shapeRead(lowering: Lowering, image: Value): readonly number[] {
  const pool =
    poolingOf(lowering, image, "MaxPool") ??
    poolingOf(lowering, image, "AvgPool");
  if (!pool) return image.shape;
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

/** Returns the pooling without padding that is all that uses an image, in this shape. */
function poolingOf(
  lowering: Lowering,
  image: Value,
  name: "MaxPool" | "AvgPool",
): StepNode | undefined {
  const pool = lowering.onlyUser(image, name);
  const isOfImage = String(pool?.inputs[0]?.shape) === String(image.shape);
  return pool && isOfImage && attributeOf(pool, "padding") === "VALID"
    ? pool
    : undefined;
}

/**
 * Maximum weights of an output channel of a convolution that pools its outputs: those of 64
 * channels fit the level 1 cache (`CACHED` in convolution-plan.h), so that partial sums are not
 * stored.
 */
const mostPooledWeights = 112;

/**
 * Returns the max pooling of 2 × 2 that a convolution can do itself: it is all that uses the
 * outputs. In training, the gradient uses them too, so the pooling stays a separate instruction.
 */
export function ownPooling(
  lowering: Lowering,
  image: Value,
  kernel: Value,
): StepNode | undefined {
  const pool = poolingOf(lowering, image, "MaxPool");
  if (!pool) return undefined;
  const isHalving = ["ksize", "strides"].every(
    (name) => String(attributeOf<number[]>(pool, name)) === "1,2,2,1",
  );
  const weights = sizeOf(kernel.shape.slice(0, 3));
  return isHalving && weights <= mostPooledWeights ? pool : undefined;
}
