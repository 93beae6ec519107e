/**
 * Displays the bytes of PNG, JPEG, GIF and WebP files as images.
 *
 * SVG is not recognized, because it is text, and text is displayed as text.
 */
import { types } from "node:util";
import type { MimeBundle } from "@convnotes/notebook/mime";
import { quantity } from "@convnotes/notebook/quantity";

/** Number of bytes that are examined: no format has smaller files or a longer signature. */
const HEAD_BYTES = 16;

const FORMATS: readonly {
  readonly name: string;
  readonly type: string;
  /** @param head The first bytes, one character each. */
  readonly matches: (head: string) => boolean;
}[] = [
  {
    name: "PNG",
    type: "image/png",
    matches: (head) => head.startsWith("\x89PNG\r\n\x1a\n"),
  },
  {
    name: "JPEG",
    type: "image/jpeg",
    matches: (head) => head.startsWith("\xff\xd8\xff"),
  },
  {
    name: "GIF",
    type: "image/gif",
    matches: (head) => head.startsWith("GIF87a") || head.startsWith("GIF89a"),
  },
  {
    name: "WebP",
    type: "image/webp",
    matches: (head) => head.startsWith("RIFF") && head.startsWith("WEBP", 8),
  },
];

/** Returns the MIME bundle of an image file's bytes, or undefined for other values. */
export function imageBytesBundle(value: object): MimeBundle | undefined {
  if (!types.isUint8Array(value) || value.length < HEAD_BYTES) return undefined;
  const bytes = Buffer.from(value.buffer, value.byteOffset, value.byteLength);
  const head = bytes.toString("latin1", 0, HEAD_BYTES);
  const format = FORMATS.find(({ matches }) => matches(head));
  if (format === undefined) return undefined;
  return {
    [format.type]: bytes.toString("base64"),
    "text/plain": `${format.name} image, ${quantity(bytes.length, "byte")}`,
  };
}
