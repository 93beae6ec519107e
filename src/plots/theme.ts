/**
 * Theme of all figures: colors, layout and axes.
 */
import type { Config, Layout } from "plotly.js";

/**
 * Colors that are distinguishable with the common kinds of color blindness, in the order of the
 * curves.
 *
 * Source: M. Okabe and K. Ito, "Color Universal Design", 2008. Their yellow is omitted, because
 * thin yellow lines are invisible on white.
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

const gray = "#666666";
const gridGray = "#E5E5E5";

/** Default height of a figure, in pixels. */
export const figureHeight = 400;

/** Base layout of every figure, overridden by the figure's own. */
export const baseLayout: Partial<Layout> = {
  width: 640,
  height: figureHeight,
  margin: { l: 64, r: 24, t: 48, b: 64 },
  colorway: [...palette],
  paper_bgcolor: "#FFFFFF",
  plot_bgcolor: "#FFFFFF",
  font: { size: 13, color: "#222222" },
};

/** Returns an axis with a title, a thin line and a faint grid. */
export function axis(title: string): Partial<Layout["xaxis"]> {
  return {
    // Plotly's own distance is so large that the title touches the caption.
    title: { text: title, standoff: 10 },
    showline: true,
    linecolor: gray,
    ticks: "outside",
    tickcolor: gray,
    gridcolor: gridGray,
    zeroline: false,
  };
}

/** Returns an invisible axis. */
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

/**
 * Plotly configuration: a fixed size, without Plotly's logo and without the button that uploads the
 * figure to Plotly's servers.
 */
export const baseConfig: Partial<Config> = {
  displaylogo: false,
  showSendToCloud: false,
  responsive: false,
};
