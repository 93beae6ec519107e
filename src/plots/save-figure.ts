/**
 * Saving of figures as PNG files or HTML pages.
 */
import { checkOneOf, checkPositive } from "../check";
import { copyFile, mkdir, stat } from "node:fs/promises";
import path from "node:path";
import { coded } from "../notebook/coded-error";
import { replaceFile } from "../replace-file";
import { NoBrowserError } from "./browser";
import type { Figure } from "./figure";
import { figurePng, pixelsPerInch } from "./figure-png";

/** Options of {@link saveFigure}. */
export interface SaveFigureOptions {
  /** The folder, created if missing; `images` in the working directory by default. */
  readonly folder?: string;
  /** Dots per inch of the PNG; 300 by default. */
  readonly resolution?: number;
  /** File format: a PNG, or a page that shows the figure like the notebook; `"png"` by default. */
  readonly format?: FigureFormat;
}

/** The file formats of {@link saveFigure}. */
export type FigureFormat = "png" | "html";

const formats: readonly FigureFormat[] = ["png", "html"];
const library = "plotly.min.js";

/**
 * Saves a figure as `images/<name>.png`, prints a message, and returns the path of the file.
 * Replaces an existing file.
 *
 * plotly.js draws the figure in a browser: a local Chromium, Chrome or Edge is started headless. If
 * none starts, or with `format: "html"`, a page `<name>.html` is written instead. Any browser opens
 * it offline, it shows the figure like the notebook, and its camera button saves a PNG of the same
 * resolution. plotly.js itself, 1.5 MB, is copied once to the same folder as `plotly.min.js`; the
 * pages need it.
 *
 * Throws a RangeError if `name` contains characters other than letters, digits, `-`, `_` and `.`
 * (not first), if `resolution` is not a positive number, or if `format` is unknown. Throws an
 * Error (`ERR_DISK`) if the file cannot be written, and an Error if plotly.js cannot draw the
 * figure.
 */
export async function saveFigure(
  figure: Figure,
  name: string,
  options: SaveFigureOptions = {},
): Promise<string> {
  const { folder = "images", resolution = 300, format = "png" } = options;
  if (!/^[\p{L}\p{N}_-][\p{L}\p{N}_.-]*$/u.test(name)) {
    throw coded(
      "ERR_INVALID_VALUE",
      new RangeError(
        `Expected \`name\` to consist of letters, digits, "-", "_" and ".", and not to begin with ".", received ${JSON.stringify(name)}`,
      ),
    );
  }
  checkPositive("resolution", resolution);
  checkOneOf("format", format, formats);
  console.log(`Saving figure ${name}`);
  await mkdir(folder, { recursive: true });
  if (format === "png") {
    try {
      const png = await figurePng(figure, resolution);
      return await write(path.join(folder, `${name}.png`), png);
    } catch (error) {
      if (!(error instanceof NoBrowserError)) throw error;
      console.log(
        `${error.message}; saved as a page instead, whose camera button saves a PNG`,
      );
    }
  }
  await copyLibrary(folder);
  const page = pageOf(figure, name, resolution);
  return write(path.join(folder, `${name}.html`), page);
}

async function write(
  file: string,
  content: string | Uint8Array,
): Promise<string> {
  await replaceFile(file, [content]);
  return file;
}

/** Copies plotly.js, unless a file of the same size exists. */
async function copyLibrary(folder: string): Promise<void> {
  const source =
    require.resolve("plotly.js-cartesian-dist-min/plotly-cartesian.min.js");
  const target = path.join(folder, library);
  const [sourceStat, targetStat] = await Promise.all([
    stat(source),
    stat(target).catch(() => undefined),
  ]);
  if (targetStat?.size !== sourceStat.size) await copyFile(source, target);
}

function pageOf(figure: Figure, name: string, resolution: number): string {
  const config = {
    ...figure.config,
    // Images are static in a notebook, but the page needs the tool that saves them.
    staticPlot: false,
    displayModeBar: true,
    toImageButtonOptions: {
      format: "png",
      filename: name,
      scale: resolution / pixelsPerInch,
    },
  };
  const parts = [figure.data, figure.layout, config].map(scriptJson);
  return `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <title>${name}</title>
    <script src="${library}"></script>
  </head>
  <body>
    <div id="figure"></div>
    <script>
      Plotly.newPlot("figure", ${parts.join(", ")});
    </script>
  </body>
</html>
`;
}

/** Serializes a value as JSON for an inline script: an escaped "<" cannot end the script. */
function scriptJson(value: unknown): string {
  return JSON.stringify(value).replace(/</g, "\\u003c");
}
