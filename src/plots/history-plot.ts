/**
 * Plots of training curves.
 */
import { checkOneOf } from "../check";
import type { Data } from "plotly.js";
import { coded } from "../notebook/coded-error";
import type { History } from "../training/history";
import type { FigureSource } from "./caption";
import { figure, type Figure } from "./figure";
import { axis, baseLayout, figureHeight } from "./theme";

/** Options of {@link historyPlot}. */
export interface HistoryPlotOptions {
  /** The data set the model was trained on. */
  readonly dataset: FigureSource;
  /** Name of the curve; `accuracy` by default. */
  readonly metric?: string;
  /** A title above the curves. */
  readonly title?: string;
  /** A sentence under the curves. */
  readonly caption?: string;
  /** Label of the vertical axis; derived from the metric's name by default. */
  readonly label?: string;
  /**
   * Legend names of the two curves, such as `["Train", "Val"]`; derived from the metric's name by
   * default.
   */
  readonly names?: readonly [training: string, validation: string];
  /**
   * Position of the legend, above the curves or inside their upper left corner; `above` by default.
   */
  readonly legend?: "above" | "upper left";
}

/** Plotly settings of the legend positions. */
const legends = {
  above: { orientation: "h", x: 0, y: 1.02, yanchor: "bottom" },
  "upper left": {
    x: 0.02,
    y: 0.98,
    xanchor: "left",
    yanchor: "top",
    // Translucent, so that curves below it stay visible.
    bgcolor: "rgba(255, 255, 255, 0.8)",
    bordercolor: "#CCCCCC",
    borderwidth: 1,
  },
} as const;

/** Height of a legend inside the curves, and what its lines need beside their text, in pixels. */
const legendHeight = 66;
const legendMargin = 64;
/** Width of a character of a legend, in pixels. */
const characterWidth = 7;
/** Space that Plotly leaves above and below the curves, as a share of their height. */
const headroom = 0.06;

/** Maximum number of epochs with one tick each. */
const maxTicks = 20;
/** Maximum number of epochs with markers, which cover each other if there are more. */
const maxMarkers = 60;
/** Top margin with a title above a legend, in pixels. */
const titleAndLegend = 80;

/**
 * Plots a metric over the epochs: the training curve and, if there was validation, the validation
 * curve.
 *
 * The horizontal axis counts epochs from 1. The curves differ in color, dash and, up to 60 epochs,
 * marker, so that they are distinguishable in print. Throws a RangeError (ERR_INVALID_VALUE) if the
 * history has no curve of that name or no epoch, or if `legend` is unknown.
 */
export function historyPlot(
  history: History,
  options: HistoryPlotOptions,
): Figure {
  const { dataset, metric = "accuracy", title, caption } = options;
  const {
    label = sentenceCase(metric),
    names = [`${metric} (training)`, `val_${metric} (validation)`],
    legend = "above",
  } = options;
  checkOneOf("legend", legend, Object.keys(legends));
  const training = history.curve(metric);
  if (history.epochs.length === 0) {
    throw coded(
      "ERR_INVALID_VALUE",
      new RangeError(
        "Expected a history with at least one epoch, received an empty one",
      ),
    );
  }
  const validation = history.curves[`val_${metric}`];
  const epochs = history.epochs;
  const traces: Data[] = [curve(names[0], epochs, training, "solid", "circle")];
  if (validation !== undefined) {
    traces.push(curve(names[1], epochs, validation, "dash", "square"));
  }
  const last = epochs[epochs.length - 1]!;
  return figure(
    traces,
    {
      ...(title === undefined ? {} : { title: { text: title } }),
      ...(title === undefined || legend !== "above"
        ? {}
        : {
            height: figureHeight + titleAndLegend - baseLayout.margin!.t!,
            margin: { t: titleAndLegend },
          }),
      xaxis: {
        ...axis("Epoch"),
        range: [0.5, last + 0.5],
        tickformat: "d",
        ...(last <= maxTicks ? { tick0: 1, dtick: 1 } : {}),
      },
      yaxis: {
        ...axis(label),
        ...(legend === "upper left"
          ? clearOfLegend([training, validation ?? []], names)
          : {}),
      },
      legend: legends[legend],
      hovermode: "x unified",
    },
    {
      dataset,
      ...(caption === undefined ? {} : { caption }),
      text: [
        `${label} over ${epochs.length} epochs`,
        describe(options.names?.[0] ?? "training", training),
        ...(validation === undefined
          ? []
          : [describe(options.names?.[1] ?? "validation", validation)]),
      ].join("\n"),
    },
  );
}

/**
 * Returns the range of the vertical axis in which the curves stay below a legend in their upper
 * left corner.
 */
function clearOfLegend(
  curves: readonly (readonly number[])[],
  names: readonly string[],
): { range?: [number, number] } {
  const { width, height, margin } = baseLayout as Required<typeof baseLayout>;
  const longest = Math.max(...names.map((name) => name.length));
  const share =
    (legendMargin + longest * characterWidth) / (width - margin.l! - margin.r!);
  const values = curves.flat();
  const [lowest, highest] = [Math.min(...values), Math.max(...values)];
  if (!(highest > lowest && Number.isFinite(highest - lowest))) return {};
  // The line to the first epoch on the right of the legend is partly below it.
  const covered = curves.flatMap((each) =>
    each.slice(0, Math.ceil(share * each.length) + 1),
  );
  const space = headroom * (highest - lowest);
  const bottom = lowest - space;
  const free = 1 - legendHeight / (height - margin.t! - margin.b!);
  const top = bottom + (Math.max(...covered) - bottom) / free;
  return { range: [bottom, Math.max(top, highest + space)] };
}

function curve(
  name: string,
  epochs: readonly number[],
  values: readonly number[],
  dash: "solid" | "dash",
  symbol: "circle" | "square",
): Data {
  return {
    type: "scatter",
    mode: epochs.length > maxMarkers ? "lines" : "lines+markers",
    name,
    x: [...epochs],
    y: [...values],
    line: { dash },
    marker: { symbol, size: 7 },
    hovertemplate: "%{y:.4f}",
  };
}

function describe(name: string, values: readonly number[]): string {
  const first = values[0]!.toFixed(4);
  const last = values[values.length - 1]!.toFixed(4);
  return `${name}: ${first} in the first epoch, ${last} in the last`;
}

/** Formats a name as an axis label: `val_accuracy` becomes `Val accuracy`. */
function sentenceCase(name: string): string {
  const words = name.replaceAll("_", " ");
  return words.charAt(0).toUpperCase() + words.slice(1);
}
