/**
 * Converts values to MIME bundles and publishes them as displays.
 *
 * A value can define its display with a method `[Symbol.for("Jupyter.display")]` (the protocol of
 * Deno's kernel). Values of a library that has registered a display, and those that `displays/`
 * recognizes (data frames, figures, image files), have their own displays; other values are shown
 * as Node's `util.inspect` prints them, and as a tree if that takes several lines.
 * Cells can display values before their end with tslab's `display` and `newDisplay`; libraries use
 * the host object under `Symbol.for("convnotes.notebook")`, which accepts MIME bundles.
 */
import { coded } from "@convnotes/notebook/coded-error";
import { randomUUID } from "node:crypto";
import { createRequire } from "node:module";
import { inspect } from "node:util";
import type { DisplayOptions } from "@convnotes/notebook/host";
import { jupyterDisplay, type MimeBundle } from "@convnotes/notebook/mime";
import { base64, jsonObject, mimeBundle } from "@convnotes/notebook/sendable";
import type { ValueDisplay } from "@convnotes/notebook/value-display";
import { plainText } from "./displays/plain-text";
import type { Output } from "./output";

const load = createRequire(__filename);

/**
 * Returns the MIME bundle of a value, or undefined for `undefined`.
 *
 * @param displays The displays that libraries have registered.
 * @throws Whatever the value's display method throws, and a TypeError if it does not return a
 *   bundle.
 */
export async function toMimeBundle(
  value: unknown,
  displays: readonly ValueDisplay[] = [],
): Promise<MimeBundle | undefined> {
  if (value === undefined) return undefined;
  const show = displayMethodOf(value);
  if (show !== undefined) {
    const given = await show.call(value);
    if (typeof given !== "object" || given === null) {
      throw coded(
        "ERR_INVALID_TYPE",
        new TypeError(
          `Expected a MIME bundle from the value's display method, received ${inspect(given)}.`,
        ),
      );
    }
    const bundle = mimeBundle(given);
    return "text/plain" in bundle
      ? bundle
      : { ...bundle, "text/plain": plainText(value) };
  }
  const recognized = isObject(value)
    ? recognizers().recognize(value, displays)
    : undefined;
  // Only code that runs before the first await can be interrupted by a signal.
  const bundle = recognized instanceof Promise ? await recognized : recognized;
  if (bundle !== undefined) return bundle;
  return isObject(value)
    ? recognizers().otherObject(value, displays)
    : { "text/plain": plainText(value) };
}

/**
 * Returns the module of recognizers. It is loaded when the first object is displayed, so that the
 * runtime starts faster.
 */
function recognizers(): typeof import("./displays/recognizers") {
  return load(
    "./displays/recognizers",
  ) as typeof import("./displays/recognizers");
}

/**
 * Returns the MIME bundle of a value; undefined if it has no display, or one that takes time.
 *
 * @param displays The displays that libraries have registered.
 */
export function displayedNow(
  value: unknown,
  displays: readonly ValueDisplay[],
): MimeBundle | undefined {
  try {
    const given = displayMethodOf(value)?.call(value);
    if (given instanceof Promise) return undefined;
    if (isObject(given)) {
      return { "text/plain": plainText(value), ...mimeBundle(given) };
    }
    const recognized = isObject(value)
      ? recognizers().recognize(value, displays)
      : undefined;
    return recognized instanceof Promise ? undefined : recognized;
  } catch {
    return undefined;
  }
}

function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null;
}

function displayMethodOf(value: unknown): (() => unknown) | undefined {
  if (value === null) return undefined;
  try {
    const owner = Object(value) as { [jupyterDisplay]?: unknown };
    // Checked first, because a proxy may return a function for any name.
    const method = jupyterDisplay in owner ? owner[jupyterDisplay] : undefined;
    return typeof method === "function" ? (method as () => unknown) : undefined;
  } catch {
    return undefined; // A proxy or a getter threw.
  }
}

/** tslab's `Display`, with one method per MIME type. */
class TslabDisplay {
  readonly #publisher: DisplayPublisher;
  readonly #displayId: string | undefined;
  #shown = false;

  constructor(publisher: DisplayPublisher, displayId?: string) {
    this.#publisher = publisher;
    this.#displayId = displayId;
  }

  javascript = (text: string) => this.raw("text/javascript", text);
  html = (text: string) => this.raw("text/html", text);
  markdown = (text: string) => this.raw("text/markdown", text);
  latex = (text: string) => this.raw("text/latex", text);
  svg = (text: string) => this.raw("image/svg+xml", text);
  png = (bytes: Uint8Array) => this.raw("image/png", bytes);
  jpeg = (bytes: Uint8Array) => this.raw("image/jpeg", bytes);
  gif = (bytes: Uint8Array) => this.raw("image/gif", bytes);
  pdf = (bytes: Uint8Array) => this.raw("application/pdf", bytes);
  text = (text: string) => this.raw("text/plain", text);

  raw(type: string, data: string | Uint8Array): void {
    const encoded = typeof data === "string" ? data : base64(data);
    this.#publisher.show(
      { [type]: encoded },
      {
        displayId: this.#displayId,
        update: this.#displayId !== undefined && this.#shown,
      },
    );
    this.#shown = true;
  }
}

/** The module that cells import as "tslab". */
interface TslabModule {
  readonly display: TslabDisplay;
  readonly newDisplay: () => TslabDisplay;
  readonly versions: Readonly<Record<string, string>>;
}

/** Publishes rich data of cells. */
export class DisplayPublisher {
  readonly #output: Output;

  constructor(output: Output) {
    this.#output = output;
  }

  /**
   * Displays a bundle in the cell of the code that is executing.
   *
   * @throws {TypeError} If a notebook cannot store the bundle or its metadata.
   */
  show(data: MimeBundle, options: DisplayOptions = {}): void {
    const { metadata, displayId, update } = options;
    this.#output.send({
      kind: "display",
      run: this.#output.run,
      data: mimeBundle(data),
      metadata: jsonObject(metadata ?? {}),
      displayId: displayId === undefined ? undefined : String(displayId),
      update: Boolean(update),
    });
  }

  /** Clears the cell's output. With `wait`, clears it when the next output arrives. */
  clear(wait = false): void {
    this.#output.send({ kind: "clear", run: this.#output.run, wait });
  }

  /** Returns the replacement of the module "tslab" for cells. */
  tslabModule(versions: Readonly<Record<string, string>>): TslabModule {
    return {
      display: new TslabDisplay(this),
      newDisplay: () => new TslabDisplay(this, randomUUID()),
      versions,
    };
  }
}
