/**
 * Plot room: a figure as a file.
 */
import { copyFile, mkdir, stat, writeFile } from "node:fs/promises";
import path from "node:path";
import type { Figure } from "./figure";

/** What {@link saveFigure} can be told. */
export interface SaveFigureOptions {
  /** The folder, made if it is missing; `images` in the working directory unless told. */
  readonly folder?: string;
  /** Dots per inch of the PNG the page offers; 300 unless told. */
  readonly resolution?: number;
}

/** What a figure's lengths are measured in: pixels of which CSS counts 96 an inch. */
const pixelsPerInch = 96;
const library = "plotly.min.js";

/**
 * Saves a figure as `images/<name>.html`, says so, and gives the path of the file.
 *
 * A figure is drawn by plotly.js, which needs a browser to draw, so what is written is a page that any browser opens,
 * without network: it shows the figure as the notebook does, and the camera in its corner saves it as a PNG of 300 dots
 * per inch. plotly.js itself, 4.8 MB, is put beside the pages once, as `plotly.min.js`; keep it with them. A page of that
 * name is replaced.
 *
 * Throws a RangeError if `name` is not made of letters, digits, `-`, `_` and `.` (not at its beginning), or if `resolution` is not a
 * number above 0, and the system's error if the folder cannot be written to.
 */
export async function saveFigure(
  figure: Figure,
  name: string,
  options: SaveFigureOptions = {},
): Promise<string> {
  const { folder = "images", resolution = 300 } = options;
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
  const file = path.join(folder, `${name}.html`);
  console.log(`Saving figure ${name}`);
  await mkdir(folder, { recursive: true });
  await bringLibrary(folder);
  await writeFile(file, pageOf(figure, name, resolution));
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
