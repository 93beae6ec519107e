/**
 * Displays tensors: shape, dtype and some values as text, and an image if the tensor looks like
 * one.
 *
 * The image is part of HTML that includes the text, and not a separate image/png, because a
 * notebook shows only the richest representation, and shape and values should appear next to the
 * image. Other tensors are displayed as text only, because HTML would add nothing.
 */
import { escapeHtml } from "../../notebook/html";
import type { MimeBundle } from "../../notebook/mime";
import { numberText, singleLine } from "../../notebook/scalar-text";
import type {
  ValueDescription,
  ValueDisplay,
} from "../../notebook/value-display";
import { encodePng, type Image } from "./png";
import { shownAxes, sizeOf } from "./tensor-axes";
import { hasImageShape, imageOf } from "./tensor-image";
import { bracketed } from "./tensor-text";
import { isTensor, readTensor, type TensorLike } from "./tensor-values";

/** Size in pixels to which small images are magnified. */
const SHOWN_PIXELS = 256;

/** Maximum number of values in a row of a table. */
const MOST_PREVIEWED = 6;

/** The display of TensorFlow.js tensors and variables. */
export const tensorDisplay: ValueDisplay<TensorLike> = {
  matches: isTensor,
  toMimeBundle: bundleOf,
  describe,
};

async function bundleOf(tensor: TensorLike): Promise<MimeBundle> {
  const heading = headingOf(tensor);
  if (tensor.isDisposed) return { "text/plain": `${heading}, disposed` };
  const { shape, dtype } = tensor;
  const axes = shownAxes(shape);
  try {
    const whole = hasImageShape(shape, dtype);
    const { shown, all } = await readTensor(tensor, axes, { whole });
    const values = bracketed(shown.map(valueText(dtype)), axes);
    const text = `${heading}\n${values}`;
    const image = all && imageOf(shape, dtype, all);
    if (image === undefined) return { "text/plain": text };
    return {
      "text/html": imageHtml(heading, image, values),
      "text/plain": text,
    };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return {
      "text/plain": `${heading}, values cannot be read: ${singleLine(reason)}`,
    };
  }
}

function headingOf(tensor: TensorLike): string {
  const { shape, dtype } = tensor;
  return [
    isVariable(tensor)
      ? `Variable ${JSON.stringify(singleLine(tensor.name))}`
      : "Tensor",
    `shape ${shapeText(shape)}`,
    dtype,
    ...(isVariable(tensor) && !tensor.trainable ? ["not trainable"] : []),
  ].join(", ");
}

function describe(tensor: TensorLike): ValueDescription {
  const { shape, dtype } = tensor;
  const kind = isVariable(tensor) ? "Variable" : "Tensor";
  return {
    type: `${kind}, ${dtype}`,
    size: shapeText(shape),
    preview: previewOf(tensor),
  };
}

/**
 * Returns a variable's name, or the values of a small tensor. Reading a variable may be slow: the
 * current values may be in a compiled program.
 */
function previewOf(tensor: TensorLike): string {
  if (tensor.isDisposed) return "disposed";
  if (isVariable(tensor)) return singleLine(tensor.name);
  const { shape, dtype } = tensor;
  if (sizeOf(shape) > MOST_PREVIEWED || dtype === "complex64") return "";
  try {
    return Array.from(tensor.dataSync?.() ?? [], valueText(dtype)).join(", ");
  } catch {
    return "";
  }
}

function isVariable(
  tensor: TensorLike,
): tensor is TensorLike & { name: string; trainable: boolean } {
  const { name, trainable } = tensor;
  return typeof name === "string" && typeof trainable === "boolean";
}

function shapeText(shape: readonly number[]): string {
  return `[${shape.join(", ")}]`;
}

function valueText(dtype: string): (value: unknown) => string {
  switch (dtype) {
    case "bool":
      return (value) => String(Boolean(value));
    case "string":
      return (value) => `"${singleLine(String(value)).replace(/"/g, '\\"')}"`;
    case "complex64":
      return (value) => {
        const [real, imaginary] = value as [number, number];
        const sign = imaginary < 0 || Object.is(imaginary, -0) ? "-" : "+";
        return `${numberText(real)}${sign}${numberText(Math.abs(imaginary))}i`;
      };
    default:
      return (value) => numberText(Number(value));
  }
}

function imageHtml(heading: string, image: Image, values: string): string {
  const { width, height } = image;
  const scale = Math.max(1, Math.floor(SHOWN_PIXELS / Math.max(width, height)));
  const data = encodePng(image).toString("base64");
  return [
    `<div><div>${escapeHtml(heading)}</div>`,
    `<img alt="${escapeHtml(heading)}" width="${width * scale}" height="${height * scale}" style="image-rendering: pixelated" src="data:image/png;base64,${data}">`,
    `<details><summary>Values</summary><pre>${escapeHtml(values)}</pre></details></div>`,
  ].join("\n");
}
