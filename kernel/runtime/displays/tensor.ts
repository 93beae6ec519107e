/**
 * Displays tensors: shape, dtype and some values as text, and an image if the tensor looks like
 * one.
 *
 * The image is part of HTML that includes the text, and not a separate image/png, because a
 * notebook shows only the richest representation, and shape and values should appear next to the
 * image. Other tensors are displayed as text only, because HTML would add nothing.
 */
import { escapeHtml } from "@convnotes/notebook/html";
import type { MimeBundle } from "@convnotes/notebook/mime";
import { encodePng, type Image } from "./png";
import { numberText, singleLine } from "./scalar-text";
import { shownAxes } from "./tensor-axes";
import { hasImageShape, imageOf } from "./tensor-image";
import { bracketed } from "./tensor-text";
import { isTensor, readTensor, type TensorLike } from "./tensor-values";

/** Size in pixels to which small images are magnified. */
const SHOWN_PIXELS = 256;

/** Returns the MIME bundle of a TensorFlow.js tensor or variable, or undefined for other values. */
export function tensorBundle(value: object): Promise<MimeBundle> | undefined {
  return isTensor(value) ? bundleOf(value) : undefined;
}

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

function headingOf({ shape, dtype, name, trainable }: TensorLike): string {
  const isVariable = typeof name === "string" && typeof trainable === "boolean";
  return [
    isVariable ? `Variable ${JSON.stringify(singleLine(name))}` : "Tensor",
    `shape [${shape.join(", ")}]`,
    dtype,
    ...(isVariable && !trainable ? ["not trainable"] : []),
  ].join(", ");
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
