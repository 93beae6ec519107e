/**
 * What all figures have in common.
 */
import type { Config, Layout } from "plotly.js";

/**
 * Colours that people with any of the common kinds of colour blindness tell apart, in the order curves take them.
 *
 * Source: M. Okabe and K. Ito, "Color Universal Design", 2008. Their yellow is left out: a thin line of it cannot be
 * seen on white.
 */
export const palette = [
  "#0072B2", // blue
  "#D55E00", // vermilion
  "#009E73", // bluish green
  "#CC79A7", // reddish purple
  "#E69F00", // orange
  "#56B4E9", // sky blue
  "#000000", // black
] as const;

const grey = "#666666";
const gridGrey = "#E5E5E5";

/** Height of a figure that names none, in pixels. */
export const figureHeight = 400;

/** Layout every figure starts from; a figure's own layout is laid over it. */
export const baseLayout: Partial<Layout> = {
  width: 640,
  height: figureHeight,
  margin: { l: 64, r: 24, t: 48, b: 64 },
  colorway: [...palette],
  paper_bgcolor: "#FFFFFF",
  plot_bgcolor: "#FFFFFF",
  font: { size: 13, color: "#222222" },
};

/** An axis with a name, a thin line and a faint grid. */
export function axis(title: string): Partial<Layout["xaxis"]> {
  return {
    title: { text: title },
    showline: true,
    linecolor: grey,
    ticks: "outside",
    tickcolor: grey,
    gridcolor: gridGrey,
    zeroline: false,
  };
}

/** An axis of which nothing is seen. */
export function hiddenAxis(): Partial<Layout["xaxis"]> {
  return {
    visible: false,
    showgrid: false,
    zeroline: false,
    ticks: "",
    showticklabels: false,
    fixedrange: true,
  };
}

/** Plotly's own settings: the figure keeps its size, and carries no advertisement. */
export const baseConfig: Partial<Config> = {
  displaylogo: false,
  responsive: false,
};
