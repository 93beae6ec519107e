/**
 * What a value looks like in a notebook.
 *
 * A MIME bundle holds one value in several forms; whoever shows it picks the richest form it understands. The symbol
 * is the one Deno's Jupyter kernel introduced, so that values made for it show here and ours show there.
 */

/** MIME type to data. Always holds `text/plain`, the form every reader understands. */
export type MimeBundle = Record<string, unknown>;

/** Key of the method that gives a value's MIME bundle: `Symbol.for("Jupyter.display")`. */
export const jupyterDisplay: unique symbol = Symbol.for("Jupyter.display");

/** A value that says itself how it is shown. The notebook asks a cell's last value, `display` any value. */
export interface Displayable {
  [jupyterDisplay](): MimeBundle;
}

/** Tells whether a value has the method {@link Displayable} asks for. */
export function isDisplayable(value: unknown): value is Displayable {
  return (
    typeof value === "object" &&
    value !== null &&
    typeof (value as Partial<Displayable>)[jupyterDisplay] === "function"
  );
}

/**
 * The MIME bundle of a value that is one or gives one.
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
    throw new TypeError(
      `Expected a displayable value or a MIME bundle with text for "text/plain", received ${describe(bundle)}`,
    );
  }
  return bundle as MimeBundle;
}

const htmlEntities: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

/** Makes text safe to stand in HTML, between tags as well as in a quoted attribute. */
export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => htmlEntities[character]!);
}

function describe(value: unknown): string {
  if (typeof value !== "object" || value === null) return String(value);
  const keys = Object.keys(value);
  return keys.length === 0
    ? "an object without keys"
    : `an object with the keys ${keys.map((key) => `"${key}"`).join(", ")}`;
}
