/**
 * A figure as a file.
 */
import { copyFile, mkdir, rename, stat, writeFile } from "node:fs/promises";
import path from "node:path";
import { NoBrowserError } from "./browser";
import type { Figure } from "./figure";
import { figurePng, pixelsPerInch } from "./figure-png";

/** What {@link saveFigure} can be told. */
export interface SaveFigureOptions {
  /** The folder, made if it is missing; `images` in the working directory unless told. */
  readonly folder?: string;
  /** Dots per inch of the PNG; 300 unless told. */
  readonly resolution?: number;
  /** A picture, or a page that shows the figure as the notebook does; `"png"` unless told. */
  readonly format?: FigureFormat;
}

/** What {@link saveFigure} can write. */
export type FigureFormat = (typeof formats)[number];

const formats = ["png", "html"] as const;
const library = "plotly.min.js";

/**
 * Saves a figure as `images/<name>.png`, says so, and gives the path of the file. A file of that name is replaced.
 *
 * A figure is drawn by plotly.js, which needs a browser to draw: a Chromium, Chrome or Edge of this machine is started for it, without a
 * window. Where none starts, and with `format: "html"`, a page `<name>.html` is written instead, which any browser opens
 * without network: it shows the figure as the notebook does, and the camera in its corner saves it as a PNG of the same
 * resolution. plotly.js itself, 4.8 MB, is put beside the pages once, as `plotly.min.js`; keep it with them.
 *
 * Throws a RangeError if `name` is not made of letters, digits, `-`, `_` and `.` (not at its beginning), if `resolution` is not a
 * number above 0, or if `format` is neither "png" nor "html"; the system's error if the folder cannot be written to; and an Error if plotly.js
 * cannot draw the figure.
 */
export async function saveFigure(
  figure: Figure,
  name: string,
  options: SaveFigureOptions = {},
): Promise<string> {
  const { folder = "images", resolution = 300, format = "png" } = options;
  if (!/^[\p{L}\p{N}_-][\p{L}\p{N}_.-]*$/u.test(name)) {
    throw new RangeError(
      `Expected \`name\` to be made of letters, digits, "-", "_" and ".", received ${JSON.stringify(name)}`,
    );
  }
  if (!(resolution > 0 && Number.isFinite(resolution))) {
    throw new RangeError(
      `Expected \`resolution\` to be a number above 0, received ${resolution}`,
    );
  }
  if (!formats.includes(format)) {
    throw new RangeError(
      `Expected \`format\` to be "png" or "html", received ${JSON.stringify(format)}`,
    );
  }
  console.log(`Saving figure ${name}`);
  await mkdir(folder, { recursive: true });
  if (format === "png") {
    try {
      const png = await figurePng(figure, resolution);
      return await writeWhole(path.join(folder, `${name}.png`), png);
    } catch (error) {
      if (!(error instanceof NoBrowserError)) throw error;
      console.log(
        `${error.message}: saved as a page, whose camera saves the PNG`,
      );
    }
  }
  await bringLibrary(folder);
  const page = pageOf(figure, name, resolution);
  return writeWhole(path.join(folder, `${name}.html`), page);
}

/** Puts a file in its place when all of it is written, and gives its path. */
async function writeWhole(
  file: string,
  content: string | Uint8Array,
): Promise<string> {
  const draft = `${file}.${process.pid}.part`;
  await writeFile(draft, content);
  await rename(draft, file);
  return file;
}

/** Copies plotly.js, unless the file that is there has its size already. */
async function bringLibrary(folder: string): Promise<void> {
  const source = require.resolve(`plotly.js-dist-min/${library}`);
  const target = path.join(folder, library);
  const [wanted, there] = await Promise.all([
    stat(source),
    stat(target).catch(() => undefined),
  ]);
  if (there?.size !== wanted.size) await copyFile(source, target);
}

function pageOf(figure: Figure, name: string, resolution: number): string {
  const config = {
    ...figure.config,
    // A picture is shown without tools in a notebook; here it needs the one that saves it.
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

/** JSON that can stand in a script of a page: a "<" in it cannot end the script. */
function scriptJson(value: unknown): string {
  return JSON.stringify(value).replace(/</g, "\\u003c");
}
