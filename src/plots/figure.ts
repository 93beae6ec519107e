/**
 * Plotly figures for notebooks.
 *
 * The MIME bundle contains the figure as data and as text. It contains no HTML and no copy of
 * plotly.js, which JupyterLab's extension and the template of exported pages provide, so notebooks
 * stay small.
 */
import type { Config, Data, Layout } from "plotly.js";
import {
  jupyterDisplay,
  type Displayable,
  type MimeBundle,
} from "../notebook/mime";
import { dataCaption, type FigureSource } from "./caption";
import { plainJson } from "./plain-json";
import { baseConfig, baseLayout, figureHeight } from "./theme";

/** MIME type of a Plotly figure. */
export const plotlyMimeType = "application/vnd.plotly.v1+json";

/** Source, caption and text form of a figure. */
export interface FigureOptions {
  /** The data set that the figure shows or was computed from; `null` if there is none. */
  readonly dataset: FigureSource | null;
  /** A sentence under the figure, before the one on the data. */
  readonly caption?: string | undefined;
  /** The text form. By default, a summary of the curves. */
  readonly text?: string;
  /** Whether zooming and hover values are enabled; true by default. Images are better static. */
  readonly interactive?: boolean;
}

/** Height of a caption line and width of a character, in pixels. */
const captionHeight = 18;
const captionCharacterWidth = 5.8;

/** A figure. `data`, `layout` and `config` are Plotly's, as plain JSON values. */
export class Figure implements Displayable {
  readonly data: readonly Data[];
  readonly layout: Partial<Layout>;
  readonly config: Partial<Config>;
  /** The text under the figure; may be empty. */
  readonly caption: string;
  readonly #text: string;

  constructor(
    data: readonly Data[],
    layout: Partial<Layout>,
    options: FigureOptions,
  ) {
    this.caption = [
      options.caption,
      options.dataset === null ? undefined : dataCaption(options.dataset),
    ]
      .filter((sentence) => sentence !== undefined && sentence !== "")
      .join(". ");
    this.data = plainJson(data, "data") as readonly Data[];
    this.layout = plainJson(
      withCaption(withTheme(layout), this.caption),
      "layout",
    ) as Partial<Layout>;
    this.config = { ...baseConfig, staticPlot: options.interactive === false };
    this.#text = [
      options.text ?? describeCurves(this.data, this.layout),
      this.caption,
    ]
      .filter((line) => line !== "")
      .join("\n");
  }

  /** Returns the text form of the figure, with its most important numbers. */
  toString(): string {
    return this.#text;
  }

  [jupyterDisplay](): MimeBundle {
    return {
      [plotlyMimeType]: {
        data: this.data,
        layout: this.layout,
        config: this.config,
      },
      "text/plain": this.#text,
    };
  }
}

/**
 * Creates a figure from Plotly traces and a Plotly layout, to show as a cell's last value.
 *
 * Size, margins, font and colors come from the library's theme unless `layout` sets them. Typed
 * arrays are converted to arrays. Throws a TypeError (ERR_INVALID_TYPE) that contains the path of
 * the value if a value has no JSON form (a function, a tensor).
 */
export function figure(
  data: readonly Data[],
  layout: Partial<Layout>,
  options: FigureOptions,
): Figure {
  return new Figure(data, layout, options);
}

/** Merges a layout into the theme's; margins and font are merged field by field. */
function withTheme(layout: Partial<Layout>): Partial<Layout> {
  return {
    ...baseLayout,
    ...layout,
    margin: { ...baseLayout.margin, ...layout.margin },
    font: { ...baseLayout.font, ...layout.font },
  };
}

/**
 * Adds the caption below the figure without shrinking the plotting area. A figure narrower than its
 * caption is widened on the right.
 */
function withCaption(
  layout: Partial<Layout>,
  caption: string,
): Partial<Layout> {
  if (caption === "") return layout;
  const bottom = (layout.margin?.b ?? 0) + captionHeight;
  const requiredWidth =
    (layout.margin?.l ?? 0) + caption.length * captionCharacterWidth;
  const missing =
    layout.width === undefined
      ? 0
      : Math.max(0, Math.ceil(requiredWidth - layout.width));
  const right = (layout.margin?.r ?? 0) + missing;
  return {
    ...layout,
    ...(layout.width === undefined ? {} : { width: layout.width + missing }),
    height: (layout.height ?? figureHeight) + captionHeight,
    margin: { ...layout.margin, b: bottom, r: right },
    annotations: [
      ...(layout.annotations ?? []),
      {
        text: escapePlotlyText(caption),
        xref: "paper",
        yref: "paper",
        x: 0,
        y: 0,
        xanchor: "left",
        yanchor: "bottom",
        yshift: 4 - bottom,
        showarrow: false,
        align: "left",
        font: { size: 11, color: "#555555" },
      },
    ],
  };
}

/** Escapes text for Plotly, which interprets some HTML tags. */
export function escapePlotlyText(text: string): string {
  return text
    .replace(/&/g, "&amp;")
    .replace(/</g, "&lt;")
    .replace(/>/g, "&gt;");
}

/** Describes each curve in one line: its name, number of points, and first and last value. */
function describeCurves(
  data: readonly Data[],
  layout: Partial<Layout>,
): string {
  const title = layout.title?.text;
  const lines = data.map((trace, index) => {
    const { name, type, y } = trace as {
      name?: string;
      type?: string;
      y?: unknown;
    };
    const label = name ?? `${type ?? "curve"} ${index + 1}`;
    if (!Array.isArray(y) || y.length === 0) return label;
    return `${label}: ${y.length} points, from ${formatted(y[0])} to ${formatted(y[y.length - 1])}`;
  });
  return [...(title === undefined ? [] : [title]), ...lines].join("\n");
}

function formatted(value: unknown): string {
  return typeof value === "number" && !Number.isInteger(value)
    ? value.toFixed(4)
    : String(value);
}
