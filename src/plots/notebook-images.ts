/**
 * Adds images to the figures of a notebook file.
 */
import { readFile, realpath, stat } from "node:fs/promises";
import { coded } from "../notebook/coded-error";
import { replaceFile } from "../replace-file";
import { plotlyMimeType, type Figure } from "./figure";
import { drawFigureImages } from "./figure-image";

const pngMimeType = "image/png";

/** An output of a cell that shows a value. */
interface Output {
  readonly data?: Record<string, unknown>;
  metadata?: Record<string, unknown>;
}

/** The part of a notebook that has outputs. */
interface Notebook {
  readonly cells: readonly { readonly outputs?: readonly Output[] }[];
}

/** What {@link addFigureImages} did. */
export interface AddedImages {
  /** Number of figures that got an image. */
  readonly added: number;
  /** Number of figures that plotly.js cannot draw. They stay as they are. */
  readonly failed: number;
}

/**
 * Adds a PNG beside each Plotly figure without an image in a notebook file, with the figure's text
 * as its alternative text. Readers without plotly.js, such as nbconvert, nbgrader and code hosts,
 * show the PNG.
 *
 * JupyterLab adds images itself. Notebooks that papermill, nbconvert or nbgrader has run have none.
 *
 * Throws a TypeError (ERR_FILE_FORMAT) if the file is not a notebook of nbformat 4, and a
 * NoBrowserError if a figure has to be drawn and there is no Chromium, Chrome or Edge. The file
 * stays as it is then.
 *
 * Source: The Jupyter Notebook Format, sections "display_data" and "Image metadata".
 */
export async function addFigureImages(file: string): Promise<AddedImages> {
  const notebook = parse(file, await readFile(file, "utf8"));
  const outputs = notebook.cells
    .flatMap((cell) => cell.outputs ?? [])
    .filter(
      ({ data = {} }) => plotlyMimeType in data && !(pngMimeType in data),
    );
  if (outputs.length === 0) return { added: 0, failed: 0 };
  const images = await drawFigureImages(
    outputs.map(({ data }) => data![plotlyMimeType] as Figure),
  );
  let added = 0;
  for (const [index, image] of images.entries()) {
    if (image === null) continue;
    const output = outputs[index]!;
    const { png, width, height } = image;
    const alt = joined(output.data!["text/plain"]);
    output.data![pngMimeType] = Buffer.from(png).toString("base64");
    output.metadata = {
      ...output.metadata,
      [pngMimeType]: { width, height, alt },
    };
    added += 1;
  }
  if (added > 0) {
    const path = await realpath(file);
    const text = `${JSON.stringify(notebook, null, 1)}\n`;
    await replaceFile(path, [text], (await stat(path)).mode);
  }
  return { added, failed: images.length - added };
}

function parse(file: string, text: string): Notebook {
  const notebook = json(text) as {
    nbformat?: unknown;
    cells?: unknown;
  } | null;
  if (notebook?.nbformat !== 4 || !Array.isArray(notebook.cells)) {
    throw coded(
      "ERR_FILE_FORMAT",
      new TypeError(`Expected a notebook of nbformat 4, received ${file}`),
    );
  }
  return notebook as Notebook;
}

function json(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/** Notebooks store text as a string or as a list of lines. */
function joined(text: unknown): string {
  const lines: unknown[] = Array.isArray(text) ? text : [text ?? "A figure"];
  return lines.join("");
}
