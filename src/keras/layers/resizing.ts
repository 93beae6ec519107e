/**
 * Layers that bring images to one size by interpolation or by cropping, compatible with Keras.
 */
import { tf } from "../../engine/tensorflow";
import { checkCount } from "../../check";
import { registeredClass, registerPart } from "../registered-class";
import { resized, type Interpolation } from "./interpolation";
import { onlyShape, onlyTensor } from "./options";

/** Options of {@link resizing}, in addition to those of every layer. */
export type ResizingOptions = NonNullable<
  Parameters<typeof tf.layers.resizing>[0]
>;
/** Options of {@link centerCrop}, in addition to those of every layer. */
export type CenterCropOptions = NonNullable<
  Parameters<typeof tf.layers.centerCrop>[0]
>;

interface Sized extends tf.layers.Layer {
  readonly height: number;
  readonly width: number;
}

interface TfjsResizing extends Sized {
  readonly interpolation: Interpolation;
  readonly cropToAspectRatio: boolean;
}

/** Returns the output shape (n, height, width, channels) for an input (n, …, …, channels). */
function sizedShape(
  inputShape: tf.Shape | tf.Shape[],
  { height, width }: Sized,
): tf.Shape {
  const shape = onlyShape(inputShape);
  shape.splice(-3, 2, height, width);
  return shape;
}

/**
 * Runs a function on images (n, height, width, channels) in float32. Adds the batch axis to a
 * single image, and removes it from the result.
 */
function onImages(
  inputs: tf.Tensor | tf.Tensor[],
  run: (images: tf.Tensor4D) => tf.Tensor4D,
): tf.Tensor {
  return tf.tidy(() => {
    const given = tf.cast(onlyTensor(inputs), "float32");
    if (given.rank === 3) {
      return tf.squeeze(run(tf.expandDims(given, 0)), [0]);
    }
    return run(given as tf.Tensor4D);
  });
}

/** Crops images to the size [height, width], starting at [row, column]. */
function crop(
  images: tf.Tensor4D,
  [row, column]: readonly [number, number],
  [height, width]: readonly [number, number],
): tf.Tensor4D {
  const [samples, , , channels] = images.shape;
  return tf.slice(
    images,
    [0, row, column, 0],
    [samples, height, width, channels],
  );
}

/** Crops images to the largest centered part with the proportions of the size. */
function cropToProportions(
  images: tf.Tensor4D,
  [newHeight, newWidth]: readonly [number, number],
): tf.Tensor4D {
  const [, height, width] = images.shape;
  const within = (length: number, most: number) =>
    Math.max(Math.min(most, Math.trunc(length)), 1);
  const part = [
    within((width * newHeight) / newWidth, height),
    within((height * newWidth) / newHeight, width),
  ] as const;
  const start = [
    Math.trunc((height - part[0]) / 2),
    Math.trunc((width - part[1]) / 2),
  ] as const;
  return crop(images, start, part);
}

class KerasResizing extends registeredClass<
  new (options: ResizingOptions) => TfjsResizing
>("Resizing") {
  static readonly className = "KerasResizing";

  override computeOutputShape(inputShape: tf.Shape | tf.Shape[]): tf.Shape {
    return sizedShape(inputShape, this);
  }

  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
    const size = [this.height, this.width] as const;
    return onImages(inputs, (images) =>
      resized(
        this.cropToAspectRatio ? cropToProportions(images, size) : images,
        size,
        this.interpolation,
      ),
    );
  }
}

class KerasCenterCrop extends registeredClass<
  new (options: CenterCropOptions) => Sized
>("CenterCrop") {
  static readonly className = "KerasCenterCrop";

  override computeOutputShape(inputShape: tf.Shape | tf.Shape[]): tf.Shape {
    return sizedShape(inputShape, this);
  }

  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
    const size = [this.height, this.width] as const;
    return onImages(inputs, (images) => {
      const [, height, width] = images.shape;
      const [down, across] = [height - size[0], width - size[1]];
      if (down < 0 || across < 0) {
        return resized(cropToProportions(images, size), size, "bilinear");
      }
      const start = [Math.floor(down / 2), Math.floor(across / 2)] as const;
      return crop(images, start, size);
    });
  }
}

registerPart(KerasResizing);
registerPart(KerasCenterCrop);

/**
 * Creates a layer that resizes images by interpolation.
 *
 * `options`: `height` and `width` in pixels, `interpolation` "bilinear" (default) or "nearest", and
 * `cropToAspectRatio`, whether to crop the sides first to avoid distortion; false by default. Input
 * (n, …, …, channels) or a single image (…, …, channels), of any type; output float32. Throws a
 * RangeError (`ERR_INVALID_VALUE`) if `height` or `width` is not a positive integer.
 *
 * tfjs's layer fails within a model, and aligns the corner pixels of both sizes, which shifts the
 * pixels in between.
 *
 * Source: Keras 3, `Resizing`.
 */
export function resizing(options: ResizingOptions): tf.layers.Layer {
  checkCount("height", options.height);
  checkCount("width", options.width);
  return new KerasResizing(options);
}

/**
 * Creates a layer that crops images to their center. Smaller images are first enlarged by
 * interpolation until they fill the size.
 *
 * `options`: `height` and `width` in pixels. Input (n, …, …, channels) or a single image (…, …,
 * channels), of any type; output float32. Throws a RangeError (`ERR_INVALID_VALUE`) if `height` or
 * `width` is not a positive integer.
 *
 * tfjs's layer fails within a model, and is off by one pixel if the width shrinks by one.
 *
 * Source: Keras 3, `CenterCrop`.
 */
export function centerCrop(options: CenterCropOptions): tf.layers.Layer {
  checkCount("height", options.height);
  checkCount("width", options.width);
  return new KerasCenterCrop(options);
}
