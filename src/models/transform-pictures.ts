/**
 * Model room: pictures moved by whole pixels, each in its own way, by one operation of TensorFlow.
 */
import { attribute, typeAttribute } from "../engine/tfjs/attribute";
import { execute } from "../engine/tfjs/backend";
import { tf } from "../engine/tensorflow";

/**
 * Fetches each pixel (x, y) of a result from (a₀ x + a₁ y + a₂, b₀ x + b₁ y + b₂) of the picture given.
 *
 * `pictures` (n, height, width, channels) float32; `transforms` (n, 8), for each picture a₀ a₁ a₂ b₀ b₁ b₂ and two zeros. Beyond the
 * edge is the mirror image, the edge's own pixels repeated: `b a | a b c | c b`. Where the places are whole numbers, pixels
 * are copied, to the bit. (TensorFlow's ImageProjectiveTransformV3, of which tfjs has no kernel for Node.)
 */
export function transformPictures(
  pictures: tf.Tensor4D,
  transforms: tf.Tensor2D,
): tf.Tensor4D {
  const [, height, width] = pictures.shape;
  return execute(
    "ImageProjectiveTransformV3",
    [
      typeAttribute("dtype", "float32"),
      attribute("interpolation", "NEAREST"),
      attribute("fill_mode", "REFLECT"),
    ],
    [pictures, transforms, tf.tensor1d([height, width], "int32"), tf.scalar(0)],
  ) as tf.Tensor4D;
}

/** The transform that leaves a picture as it is. */
export const identityTransform = [1, 0, 0, 0, 1, 0, 0, 0] as const;
