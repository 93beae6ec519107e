import { coded } from "./coded-error";
/**
 * MIME bundles: the representations of a value in a notebook.
 *
 * A MIME bundle holds one value in several formats; the frontend shows the richest one it supports.
 * The symbol was introduced by Deno's Jupyter kernel, so values with it can be displayed in both
 * kernels.
 */

/** MIME types with their data. Always contains `text/plain`, which every reader supports. */
export type MimeBundle = Record<string, unknown>;

/** Key of the method that returns a value's MIME bundle: `Symbol.for("Jupyter.display")`. */
export const jupyterDisplay: unique symbol = Symbol.for("Jupyter.display");

/**
 * A value with its own display format. Notebooks use it for a cell's last value, `display` for any
 * value.
 */
export interface Displayable {
  [jupyterDisplay](): MimeBundle;
}

/** Whether a value implements {@link Displayable}. */
export function isDisplayable(value: unknown): value is Displayable {
  return (
    typeof value === "object" &&
    value !== null &&
    typeof (value as Partial<Displayable>)[jupyterDisplay] === "function"
  );
}

/**
 * Returns the MIME bundle of a displayable value, or the value itself if it is a bundle.
 *
 * Throws a TypeError if the value is neither, or if the bundle has no text for `text/plain`.
 */
export function toMimeBundle(value: Displayable | MimeBundle): MimeBundle {
  const bundle: unknown = isDisplayable(value)
    ? value[jupyterDisplay]()
    : value;
  const text =
    typeof bundle === "object" && bundle !== null
      ? (bundle as MimeBundle)["text/plain"]
      : undefined;
  if (typeof text !== "string") {
    throw coded(
      "ERR_INVALID_TYPE",
      new TypeError(
        `Expected a displayable value or a MIME bundle with text for "text/plain", received ${describe(bundle)}`,
      ),
    );
  }
  return bundle as MimeBundle;
}

function describe(value: unknown): string {
  if (typeof value !== "object" || value === null) return String(value);
  const keys = Object.keys(value);
  return keys.length === 0
    ? "an object without keys"
    : `an object with the keys ${keys.map((key) => `"${key}"`).join(", ")}`;
}
