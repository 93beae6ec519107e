/**
 * Shape, type and some values as text, and a tensor that looks like a picture as one.
 *
 * A picture is shown in HTML, together with the text, and not as image/png beside it: of several forms a notebook shows
 * the richest alone, and whoever looks at a tensor wants its shape and its range next to the picture. Other tensors are
 * text only; HTML would add nothing to it.
 */
import type { MimeBundle } from "../channel";
import { escapeHtml } from "./html";
import { encodePng, type Picture } from "./png";
import { numberText, singleLine } from "./scalar-text";
import { shownAxes } from "./tensor-axes";
import { hasPictureShape, pictureOf } from "./tensor-picture";
import { bracketed } from "./tensor-text";
import { isTensor, readTensor, type TensorLike } from "./tensor-values";

/** Small pictures are magnified to about so many pixels. */
const SHOWN_PIXELS = 256;

/** The bundle of a tensor or variable of TensorFlow.js; undefined for anything else. */
export function tensorBundle(value: object): Promise<MimeBundle> | undefined {
  return isTensor(value) ? bundleOf(value) : undefined;
}

async function bundleOf(tensor: TensorLike): Promise<MimeBundle> {
  const heading = headingOf(tensor);
  if (tensor.isDisposed) return { "text/plain": `${heading}, disposed` };
  const { shape, dtype } = tensor;
  const axes = shownAxes(shape);
  try {
    const whole = hasPictureShape(shape, dtype);
    const { shown, all } = await readTensor(tensor, axes, { whole });
    const values = bracketed(shown.map(valueText(dtype)), axes);
    const text = `${heading}\n${values}`;
    const picture = all && pictureOf(shape, dtype, all);
    if (picture === undefined) return { "text/plain": text };
    return {
      "text/html": pictureHtml(heading, picture, values),
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

function pictureHtml(
  heading: string,
  picture: Picture,
  values: string,
): string {
  const { width, height } = picture;
  const scale = Math.max(1, Math.floor(SHOWN_PIXELS / Math.max(width, height)));
  const data = encodePng(picture).toString("base64");
  return [
    `<div><div>${escapeHtml(heading)}</div>`,
    `<img alt="${escapeHtml(heading)}" width="${width * scale}" height="${height * scale}" style="image-rendering: pixelated" src="data:image/png;base64,${data}">`,
    `<details><summary>Values</summary><pre>${escapeHtml(values)}</pre></details></div>`,
  ].join("\n");
}
