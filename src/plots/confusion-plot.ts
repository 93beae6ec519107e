/**
 * Plots of confusion matrices.
 */
import type { Annotations } from "plotly.js";
import { coded } from "../notebook/coded-error";
import type { ConfusionMatrix } from "../training/confusion-matrix";
import type { FigureSource } from "./caption";
import { escapePlotlyText, figure, type Figure } from "./figure";
import { axis } from "./theme";

/** Options of {@link confusionPlot}. */
export interface ConfusionPlotOptions {
  /** The data set of the samples. */
  readonly dataset: FigureSource;
  /** A title above the matrix. */
  readonly title?: string;
  /** A sentence under the matrix. */
  readonly caption?: string;
}

type Color = readonly [red: number, green: number, blue: number];

/**
 * From white to dark blue in one hue, with each step darker than the one before, so that the order
 * is visible with any kind of color blindness and in grayscale print.
 */
const blues: readonly Color[] = [
  [255, 255, 255],
  [198, 219, 239],
  [107, 174, 214],
  [33, 113, 181],
  [8, 48, 107],
];

/** Maximum number of classes for which the cells contain numbers. */
const maxLabeledClasses = 20;
/** Approximate width of a character of a class name, in pixels. */
const characterWidth = 7;

/**
 * Plots a confusion matrix as a heatmap, with a row for each true class and a column for each
 * predicted class, in the order of the class indices, and class names on both axes.
 *
 * Each cell shows the count and, below it, the share of the true class, which is also the cell's
 * color. With more than 20 classes the cells are too small for text, so the numbers appear on
 * hover. Throws a RangeError (ERR_SHAPE) for a matrix without classes.
 */
export function confusionPlot(
  matrix: ConfusionMatrix,
  options: ConfusionPlotOptions,
): Figure {
  const { dataset, title, caption } = options;
  const shares = matrix.normalized();
  const classes = matrix.classNames.length;
  if (classes === 0) {
    throw coded(
      "ERR_SHAPE",
      new RangeError(
        "Expected a matrix with at least one class, received an empty one",
      ),
    );
  }
  const cell = classes <= 10 ? 52 : classes <= maxLabeledClasses ? 38 : 10;
  const isLabeled = classes <= maxLabeledClasses;
  const longest = Math.max(...matrix.classNames.map((name) => name.length));
  const names = matrix.classNames.map(escapePlotlyText);
  const places = names.map((_, label) => label);
  const ticks = {
    tickmode: "array" as const,
    tickvals: places,
    ticktext: names,
    showgrid: false,
    // Without explicit ticks Plotly would label only every second class.
    tickfont: { size: isLabeled ? 12 : 8 },
    constrain: "domain" as const,
  };
  const labelMargin = 40 + characterWidth * longest;
  // The names below are turned, with the axis title under them.
  const below = isLabeled
    ? 60 + Math.ceil(Math.SQRT1_2 * characterWidth * longest)
    : labelMargin;
  const width = classes * cell;
  const above = title === undefined ? 16 : 48;
  const labels: Partial<Annotations>[] = !isLabeled
    ? []
    : matrix.counts.flatMap((row, truth) =>
        row.map((count, prediction) => ({
          text: `${count}<br>${shares[truth]![prediction]!.toFixed(2)}`,
          x: prediction,
          y: truth,
          showarrow: false,
          font: {
            size: classes <= 10 ? 12 : 9,
            color: readableOn(colorOf(shares[truth]![prediction]!)),
          },
        })),
      );
  return figure(
    [
      {
        type: "heatmap",
        x: places,
        y: places,
        z: shares,
        customdata: matrix.counts.map((row, truth) =>
          row.map((count, prediction) => [
            count,
            names[truth]!,
            names[prediction]!,
          ]),
        ) as never,
        zmin: 0,
        zmax: 1,
        colorscale: blues.map((color, index): [number, string] => [
          index / (blues.length - 1),
          cssColor(color),
        ]),
        colorbar: {
          // The small last line keeps the title clear of the bar's uppermost number.
          title: {
            text: 'share of the<br>true class<br><span style="font-size: 7px">\u00A0</span>',
            font: { size: 12 },
          },
        },
        // Gaps would be a tenth of a small cell, and darker than most of them.
        xgap: isLabeled ? 1 : 0,
        ygap: isLabeled ? 1 : 0,
        hovertemplate:
          "true: %{customdata[1]}<br>predicted: %{customdata[2]}<br>%{customdata[0]} (%{z:.3f})<extra></extra>",
      },
    ],
    {
      ...(title === undefined ? {} : { title: { text: title } }),
      width: width + labelMargin + 110,
      height: width + below + above,
      margin: { l: labelMargin, r: 110, t: above, b: below },
      plot_bgcolor: "#CCCCCC",
      xaxis: {
        ...axis("Predicted class"),
        ...ticks,
        tickangle: isLabeled ? -45 : -90,
      },
      yaxis: { ...axis("True class"), ...ticks, autorange: "reversed" },
      annotations: labels,
    },
    {
      dataset,
      ...(caption === undefined ? {} : { caption }),
      text: describe(matrix),
    },
  );
}

function describe(matrix: ConfusionMatrix): string {
  const confusions = matrix.largestConfusions(5);
  return [
    `Confusion matrix, rows true, columns predicted (${matrix.classNames.join(", ")}):`,
    matrix.toString(),
    `${matrix.correct} of ${matrix.total} on the diagonal`,
    ...confusions.map(
      ({ truth, prediction, count }) =>
        `${truth} predicted as ${prediction}: ${count}`,
    ),
  ].join("\n");
}

/** Returns the color of a share from 0 to 1, interpolated like Plotly's. */
function colorOf(share: number): Color {
  const place = share * (blues.length - 1);
  const before = Math.min(Math.floor(place), blues.length - 2);
  const [from, to] = [blues[before]!, blues[before + 1]!];
  const mix = (channel: 0 | 1 | 2) =>
    from[channel] + (to[channel] - from[channel]) * (place - before);
  return [mix(0), mix(1), mix(2)];
}

/** Returns black or white, whichever has more contrast with a color. */
function readableOn(color: Color): string {
  const light = luminance(color);
  // Contrast with white is 1.05 / (light + 0.05), with black (light + 0.05) / 0.05.
  return (light + 0.05) ** 2 > 1.05 * 0.05 ? "#000000" : "#FFFFFF";
}

/**
 * Returns the relative luminance of an sRGB color, 0 to 1. Source: W3C, Web Content Accessibility
 * Guidelines 2.1.
 */
function luminance(color: Color): number {
  const [red, green, blue] = color.map((value) => {
    const share = value / 255;
    return share <= 0.03928 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  }) as [number, number, number];
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function cssColor([red, green, blue]: Color): string {
  return `rgb(${red}, ${green}, ${blue})`;
}
