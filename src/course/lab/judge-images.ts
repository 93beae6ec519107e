/**
 * Judges tensors of images that students have prepared.
 */
import { NdArray } from "../../data/nd-array";
import type { tf } from "../../engine/tensorflow";
import { right, wrong, type Finding } from "./finding";
import { shapeText } from "./judge-model";

/** Judges images that are to be the given bytes, divided by 255, in a shape. */
export function judgeScaled(
  images: tf.Tensor,
  bytes: NdArray,
  shape: readonly number[] = bytes.shape,
): Finding {
  if (images.size !== bytes.data.length) {
    return wrong(
      `There are ${images.size.toLocaleString("en-US")} values; the images have ${bytes.data.length.toLocaleString("en-US")}.`,
      "Every pixel of every image becomes one value. Were all images taken?",
    );
  }
  if (images.shape.join() !== shape.join()) {
    return wrong(
      `The shape is ${shapeText(images.shape)}; ${shapeText(shape)} is expected.`,
      "Every pixel stays where it is. Which call changes the shape?",
    );
  }
  if (images.dtype !== "float32") {
    return wrong(
      `The values have the type ${images.dtype}.`,
      "Dividing whole numbers drops what is after the point. Which type keeps it?",
    );
  }
  const values = images.dataSync<"float32">();
  const largest = values.reduce((most, value) => Math.max(most, value), 0);
  const whitest = bytes.data.reduce((most, value) => Math.max(most, value), 0);
  if (
    // Not `> 1e-6`: NaN is wrong too.
    !values.every(
      (value, at) => Math.abs(value - bytes.data[at]! / 255) <= 1e-6,
    )
  ) {
    return wrong(
      `The largest value is ${Number(largest.toFixed(4))}; the largest byte is ${whitest}.`,
      "Black is to be 0 and white 1. Which byte is white, and how often was it divided?",
    );
  }
  return right(`The values are from 0 to ${Number(largest.toFixed(4))}.`);
}

/** Judges images to which an axis for a single channel is to be added. */
export function judgeChannelAxis(
  images: NdArray | tf.Tensor,
  original: NdArray,
): Finding {
  const expected = [...original.shape, 1];
  const seen = `The shape is ${shapeText(images.shape)}; it was ${shapeText(original.shape)}.`;
  if (images.shape.join() !== expected.join()) {
    return wrong(
      seen,
      "A layer wants images, rows, columns, channels, in this order. Which number is missing, and where?",
    );
  }
  const values = images instanceof NdArray ? images.data : images.dataSync();
  const scale = images instanceof NdArray ? 1 : 255;
  const isSame = original.data.every(
    (byte, at) =>
      Math.abs(values[at]! - byte) <= 1e-3 ||
      Math.abs(values[at]! * scale - byte) <= 1e-3,
  );
  return !isSame
    ? wrong(
        "The shape is right, but the values are neither the bytes nor the bytes divided by 255, each at its place.",
        "Adding an axis of length 1 moves no pixel and changes no value.",
      )
    : right(seen);
}
