/**
 * How values become MIME bundles, and the ways in which a cell shows one.
 *
 * A cell's last value decides itself how it looks by a method under `Symbol.for("Jupyter.display")`
 * (the protocol of Deno's kernel). Of the others, those that `displays/` knows (tensors, models, data frames, figures,
 * picture files) are shown as what they are, and the rest as Node's `util.inspect` prints it. To show something before the
 * cell's end there are tslab's `display` and `newDisplay`, and for libraries a host
 * object under `Symbol.for("convnotes.notebook")` that takes whole bundles.
 */
import { randomUUID } from "node:crypto";
import { createRequire } from "node:module";
import { inspect } from "node:util";
import type { MimeBundle } from "./channel";
import { plainText } from "./displays/plain-text";
import { base64, jsonObject, mimeBundle } from "./mime-bundle";
import type { Output } from "./output";

const DISPLAY = Symbol.for("Jupyter.display");
const load = createRequire(__filename);

/** How to show a bundle: under which id, and whether it replaces what has that id. */
export interface DisplayOptions {
  displayId?: string;
  update?: boolean;
  metadata?: Record<string, unknown>;
}

/**
 * The bundle that stands for a value, or undefined for `undefined`.
 *
 * @throws What the value's own display method throws, and a TypeError if it gives no bundle.
 */
export async function toMimeBundle(
  value: unknown,
): Promise<MimeBundle | undefined> {
  if (value === undefined) return undefined;
  const show = displayMethodOf(value);
  if (show !== undefined) {
    const given = await show.call(value);
    if (typeof given !== "object" || given === null) {
      throw new TypeError(
        `Expected a MIME bundle from the value's display method, received ${inspect(given)}.`,
      );
    }
    const bundle = mimeBundle(given);
    return "text/plain" in bundle
      ? bundle
      : { ...bundle, "text/plain": plainText(value) };
  }
  const recognised = isObject(value)
    ? recognisers().recognise(value)
    : undefined;
  // Only what runs before the first wait can be interrupted by a signal.
  const bundle = recognised instanceof Promise ? await recognised : recognised;
  return bundle ?? { "text/plain": plainText(value) };
}

/** What knows the kinds of values; loaded when the first object is shown, so that the runtime starts sooner. */
function recognisers(): typeof import("./displays/recognisers") {
  return load(
    "./displays/recognisers",
  ) as typeof import("./displays/recognisers");
}

function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null;
}

function displayMethodOf(value: unknown): (() => unknown) | undefined {
  if (value === null) return undefined;
  try {
    const owner = Object(value) as { [DISPLAY]?: unknown };
    // Asked first, because a proxy may hand out a function under any name.
    const method = DISPLAY in owner ? owner[DISPLAY] : undefined;
    return typeof method === "function" ? (method as () => unknown) : undefined;
  } catch {
    return undefined; // A proxy or a getter that does not want to be asked.
  }
}

/** tslab's `Display`: one method for each kind of data. */
class TslabDisplay {
  readonly #gallery: Gallery;
  readonly #displayId: string | undefined;
  #shown = false;

  constructor(gallery: Gallery, displayId?: string) {
    this.#gallery = gallery;
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
    this.#gallery.show(
      { [type]: encoded },
      {
        displayId: this.#displayId,
        update: this.#displayId !== undefined && this.#shown,
      },
    );
    this.#shown = true;
  }
}

/** What a cell's `import … from "tslab"` finds. */
export interface TslabModule {
  readonly display: TslabDisplay;
  readonly newDisplay: () => TslabDisplay;
  readonly versions: Readonly<Record<string, string>>;
}

/** Where cells show rich data. */
export class Gallery {
  readonly #output: Output;

  constructor(output: Output) {
    this.#output = output;
  }

  /**
   * Shows a bundle in the cell that the code now executing belongs to.
   *
   * @throws {TypeError} If a notebook cannot hold the bundle or its metadata.
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

  /** Takes away what the cell has shown so far; with `wait`, when the next output comes. */
  clear(wait = false): void {
    this.#output.send({ kind: "clear", run: this.#output.run, wait });
  }

  /** The module that stands in for "tslab" inside a cell. */
  tslabModule(versions: Readonly<Record<string, string>>): TslabModule {
    return {
      display: new TslabDisplay(this),
      newDisplay: () => new TslabDisplay(this, randomUUID()),
      versions,
    };
  }
}
