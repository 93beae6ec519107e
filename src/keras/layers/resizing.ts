/**
 * Pictures brought to one size, by interpolation or by cutting, as Keras does it.
 */
import { tf } from "../../engine/tensorflow";
import { checkCount } from "../check";
import { registeredClass, registerPart } from "../registered-class";
import { resized, type Interpolation } from "./interpolation";
import { onlyShape, onlyTensor } from "./options";

/** Settings of {@link resizing}, beside those of every layer. */
export type ResizingOptions = NonNullable<
  Parameters<typeof tf.layers.resizing>[0]
>;
/** Settings of {@link centerCrop}, beside those of every layer. */
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

/** The output shape: (n, height, width, channels) of the input's (n, …, …, channels). */
function sizedShape(
  inputShape: tf.Shape | tf.Shape[],
  { height, width }: Sized,
): tf.Shape {
  const shape = onlyShape(inputShape);
  shape.splice(-3, 2, height, width);
  return shape;
}

/** Runs on pictures (n, height, width, channels) in float32; one picture without n is given one meanwhile. */
function onPictures(
  inputs: tf.Tensor | tf.Tensor[],
  run: (pictures: tf.Tensor4D) => tf.Tensor4D,
): tf.Tensor {
  return tf.tidy(() => {
    const given = tf.cast(onlyTensor(inputs), "float32");
    if (given.rank === 3) {
      return tf.squeeze(run(tf.expandDims(given, 0)), [0]);
    }
    return run(given as tf.Tensor4D);
  });
}

/** The part of the pictures that begins at [row, column] and has the size [height, width]. */
function cut(
  pictures: tf.Tensor4D,
  [row, column]: readonly [number, number],
  [height, width]: readonly [number, number],
): tf.Tensor4D {
  const [samples, , , channels] = pictures.shape;
  return tf.slice(
    pictures,
    [0, row, column, 0],
    [samples, height, width, channels],
  );
}

/** The largest part in the middle that has the proportions of the size. */
function cutToProportions(
  pictures: tf.Tensor4D,
  [newHeight, newWidth]: readonly [number, number],
): tf.Tensor4D {
  const [, height, width] = pictures.shape;
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
  return cut(pictures, start, part);
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
    return onPictures(inputs, (pictures) =>
      resized(
        this.cropToAspectRatio ? cutToProportions(pictures, size) : pictures,
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
    return onPictures(inputs, (pictures) => {
      const [, height, width] = pictures.shape;
      const [down, across] = [height - size[0], width - size[1]];
      if (down < 0 || across < 0) {
        return resized(cutToProportions(pictures, size), size, "bilinear");
      }
      const start = [Math.floor(down / 2), Math.floor(across / 2)] as const;
      return cut(pictures, start, size);
    });
  }
}

registerPart(KerasResizing);
registerPart(KerasCenterCrop);

/**
 * A layer that brings pictures to one size by interpolation.
 *
 * `options`: `height` and `width` in pixels, `interpolation` "bilinear" by default or "nearest", `cropToAspectRatio` false by default: whether what would be
 * distorted is cut off at the sides first. Input (n, …, …, channels) or one picture (…, …, channels), of any type; output float32. Throws a RangeError if
 * `height` or `width` is not a whole number above 0. Source: Keras 3, `Resizing`. tfjs's layer fails within a model, and lays the corners of both sizes
 * on each other, which moves the pixels between.
 */
export function resizing(options: ResizingOptions): tf.layers.Layer {
  checkCount("height", options.height);
  checkCount("width", options.width);
  return new KerasResizing(options);
}

/**
 * A layer that cuts the middle out of pictures; smaller ones are enlarged by interpolation until they fill the size, and cut.
 *
 * `options`: `height` and `width` in pixels. Input (n, …, …, channels) or one picture (…, …, channels), of any type; output float32. Throws a RangeError if
 * `height` or `width` is not a whole number above 0. Source: Keras 3, `CenterCrop`. tfjs's layer fails within a model, and is off by a pixel where the width
 * is to shrink by one.
 */
export function centerCrop(options: CenterCropOptions): tf.layers.Layer {
  checkCount("height", options.height);
  checkCount("width", options.width);
  return new KerasCenterCrop(options);
}
