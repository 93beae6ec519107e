/**
 * The runtime's gallery: how values become MIME bundles, and the ways in which a cell shows one.
 *
 * A cell's last value decides itself how it looks by a method under `Symbol.for("Jupyter.display")`
 * (the protocol of Deno's kernel); anything else is shown as Node's `util.inspect` prints it. To show
 * something before the cell's end there are tslab's `display` and `newDisplay`, and for libraries a host
 * object under `Symbol.for("convnotes.notebook")` that takes whole bundles.
 */
import { randomUUID } from "node:crypto";
import { inspect } from "node:util";
import type { MimeBundle } from "./channel";
import type { Output } from "./output";

const DISPLAY = Symbol.for("Jupyter.display");
const HOST = Symbol.for("convnotes.notebook");

/** How to show a bundle: under which id, and whether it replaces what has that id. */
export interface DisplayOptions {
  displayId?: string;
  update?: boolean;
  metadata?: Record<string, unknown>;
}

/** The text of a value, without colours. Deep and long values are shortened. */
export function plainText(value: unknown): string {
  return inspect(value, {
    depth: 4,
    maxArrayLength: 100,
    maxStringLength: 10_000,
  });
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
  const show = (value as { [DISPLAY]?: () => unknown } | null)?.[DISPLAY];
  if (typeof show === "function") {
    const bundle = (await show.call(value)) as MimeBundle | null;
    if (typeof bundle !== "object" || bundle === null) {
      throw new TypeError(
        `Expected a MIME bundle from the value's display method, received ${inspect(bundle)}.`,
      );
    }
    return "text/plain" in bundle
      ? bundle
      : { ...bundle, "text/plain": plainText(value) };
  }
  return { "text/plain": plainText(value) };
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
    const encoded =
      typeof data === "string" ? data : Buffer.from(data).toString("base64");
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

  /** Shows a bundle in the cell that the code now executing belongs to. */
  show(data: MimeBundle, options: DisplayOptions = {}): void {
    this.#output.send({
      kind: "display",
      run: this.#output.run,
      data,
      metadata: options.metadata ?? {},
      displayId: options.displayId,
      update: options.update ?? false,
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

  /** Puts the host object where libraries look for it. */
  installHost(): void {
    Object.defineProperty(globalThis, HOST, {
      configurable: true,
      value: {
        display: (bundle: MimeBundle, options?: DisplayOptions) =>
          this.show(bundle, options),
        clear: (wait?: boolean) => this.clear(wait),
      },
    });
  }
}
