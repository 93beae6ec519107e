/**
 * A Plotly figure that a notebook shows.
 *
 * The bundle holds the figure as data and as text. It holds no HTML and no copy of plotly.js, which JupyterLab's
 * extension and the exported page's template bring, so that a notebook stays small.
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

/** What stands around a figure. */
export interface FigureOptions {
  /** The data set the figure shows or was computed from; `null` for a figure that shows no data set. */
  readonly dataset: FigureSource | null;
  /** A sentence under the figure, before the one on the data. */
  readonly caption?: string;
  /** The text form. Without one, it is written from the curves. */
  readonly text?: string;
  /** Whether one can zoom and read off values; true unless told. A picture is better left as it is. */
  readonly interactive?: boolean;
}

/** Height a line of caption takes, and width of a letter of it, in pixels. */
const captionHeight = 18;
const captionLetter = 5.8;

/** A figure. Its `data`, `layout` and `config` are what Plotly takes, in plain JSON values. */
export class Figure implements Displayable {
  readonly data: readonly Data[];
  readonly layout: Partial<Layout>;
  readonly config: Partial<Config>;
  /** What stands under the figure; empty if nothing does. */
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

  /** The figure in words, with the numbers that matter. */
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
 * Makes a figure from Plotly traces and a Plotly layout, to show as a cell's last value.
 *
 * Size, margins, font and colours come from the library's theme unless `layout` sets them. Typed arrays become
 * arrays. Throws a TypeError if a value has no JSON form (a function, a tensor), naming the place.
 */
export function figure(
  data: readonly Data[],
  layout: Partial<Layout>,
  options: FigureOptions,
): Figure {
  return new Figure(data, layout, options);
}

/** Lays a figure's own layout over the theme's; margins and font are completed side by side. */
function withTheme(layout: Partial<Layout>): Partial<Layout> {
  return {
    ...baseLayout,
    ...layout,
    margin: { ...baseLayout.margin, ...layout.margin },
    font: { ...baseLayout.font, ...layout.font },
  };
}

/**
 * Puts the caption below everything else, in room of its own: the plotting area keeps its size. A figure narrower than its caption gets the
 * room at its right.
 */
function withCaption(
  layout: Partial<Layout>,
  caption: string,
): Partial<Layout> {
  if (caption === "") return layout;
  const bottom = (layout.margin?.b ?? 0) + captionHeight;
  const wanted = (layout.margin?.l ?? 0) + caption.length * captionLetter;
  const missing =
    layout.width === undefined
      ? 0
      : Math.max(0, Math.ceil(wanted - layout.width));
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

/** Plotly reads a few tags in its texts: a name that looks like one has to be escaped. */
export function escapePlotlyText(text: string): string {
  return text
    .replace(/&/g, "&amp;")
    .replace(/</g, "&lt;")
    .replace(/>/g, "&gt;");
}

/** One line a curve: its name, how many points it has, and where it begins and ends. */
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
    return `${label}: ${y.length} points, from ${written(y[0])} to ${written(y[y.length - 1])}`;
  });
  return [...(title === undefined ? [] : [title]), ...lines].join("\n");
}

function written(value: unknown): string {
  return typeof value === "number" && !Number.isInteger(value)
    ? value.toFixed(4)
    : String(value);
}
