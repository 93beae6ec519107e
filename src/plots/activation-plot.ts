/**
 * Plots of six activation functions, side by side.
 */
import type { Annotations, Data, Layout } from "plotly.js";
import { tf } from "../engine/tensorflow";
import { figure, type Figure } from "./figure";
import { axis, palette } from "./theme";

/** An activation function. */
export interface Activation {
  readonly name: string;
  /** Formula shown in the figure. */
  readonly formula: string;
  /** Applies the function elementwise. */
  compute(x: tf.Tensor1D): tf.Tensor1D;
  /** Linear pieces as pairs of slope and offset, drawn in addition to the function. */
  readonly pieces?: readonly (readonly [slope: number, offset: number])[];
}

const leakySlope = 0.1;

/** A maxout unit learns its pieces; these three are an example. */
const maxoutPieces = [
  [-1, -1.5],
  [0.3, 0],
  [1.5, -2],
] as const;

/**
 * Six nonlinear activation functions: sigmoid, tanh, ReLU, leaky ReLU (slope 0.1 below 0), maxout
 * (an example with three pieces) and ELU (α = 1).
 *
 * Sources: Glorot, Bordes and Bengio 2011 (ReLU); Maas, Hannun and Ng 2013 (leaky ReLU); Goodfellow
 * and others 2013 (maxout); Clevert, Unterthiner and Hochreiter 2016 (ELU).
 */
export const activations: readonly Activation[] = [
  {
    name: "Sigmoid",
    formula: "1 / (1 + e<sup>−x</sup>)",
    compute: (x) => tf.sigmoid(x),
  },
  {
    name: "Tanh",
    formula: "tanh x",
    compute: (x) => tf.tanh(x),
  },
  {
    name: "ReLU",
    formula: "max(0, x)",
    compute: (x) => tf.relu(x),
  },
  {
    name: "Leaky ReLU",
    formula: `max(${leakySlope} x, x)`,
    compute: (x) => tf.leakyRelu(x, leakySlope),
  },
  {
    name: "Maxout",
    formula:
      "max(w<sub>1</sub>x + b<sub>1</sub>, w<sub>2</sub>x + b<sub>2</sub>, …)",
    compute: (x) =>
      tf.tidy(() =>
        tf
          .stack(
            maxoutPieces.map(([slope, offset]) => x.mul(slope).add(offset)),
          )
          .max<tf.Tensor1D>(0),
      ),
    pieces: maxoutPieces,
  },
  {
    name: "ELU",
    formula: "x if x > 0, else e<sup>x</sup> − 1",
    compute: (x) => tf.elu(x),
  },
];

const columns = 3;
/** Points at which the functions are computed, from −3 to 3, including the kink at 0. */
const points = Array.from({ length: 121 }, (_, index) => (index - 60) / 20);
/** Points whose values the text form lists. */
const samples = [-2, -1, 0, 1, 2];

/**
 * Plots the six {@link activations} from −3 to 3 on axes of the same scale. The pieces of maxout
 * are drawn as dashed lines.
 */
export function activationPlot(): Figure {
  const traces: Data[] = [];
  const titles: Partial<Annotations>[] = [];
  const axes: Record<string, unknown> = {};
  activations.forEach((activation, index) => {
    const suffix = index === 0 ? "" : String(index + 1);
    const [x, y] = [`x${suffix}`, `y${suffix}`];
    const line = (values: number[], style: object) =>
      ({
        type: "scatter",
        mode: "lines",
        name: activation.name,
        x: points,
        y: values,
        xaxis: x,
        yaxis: y,
        hovertemplate: "x %{x:.2f}: %{y:.4f}",
        // Without the points that Plotly would leave out, the curves would have visible corners.
        line: { simplify: false, ...style },
      }) as Data;
    for (const [slope, offset] of activation.pieces ?? []) {
      traces.push(
        line(
          points.map((point) => slope * point + offset),
          { color: "#888888", width: 1, dash: "dash" },
        ),
      );
    }
    traces.push(
      line(valuesOf(activation, points), { color: palette[0], width: 3 }),
    );
    Object.assign(axes, subplotAxes(index, suffix));
    titles.push({
      text: `<b>${activation.name}</b><br>${activation.formula}`,
      xref: `${x} domain` as "paper",
      yref: `${y} domain` as "paper",
      x: 0.5,
      y: 1.02,
      xanchor: "center",
      yanchor: "bottom",
      showarrow: false,
      font: { size: 12 },
    });
  });
  return figure(
    traces,
    {
      ...(axes as Partial<Layout>),
      width: 720,
      height: 512,
      // The rows of subplots have space around them.
      margin: { t: 8, b: 16 },
      showlegend: false,
      annotations: titles,
    },
    {
      dataset: null,
      text: activations
        .map((activation) => {
          const values = valuesOf(activation, samples);
          const pairs = values.map(
            (value, index) => `${samples[index]} → ${value.toFixed(4)}`,
          );
          return `${activation.name}: ${pairs.join(", ")}`;
        })
        .join("\n"),
    },
  );
}

/**
 * Returns the axes of one subplot. All have the same range, so that the functions can be compared.
 */
function subplotAxes(index: number, suffix: string): object {
  const column = index % columns;
  const row = Math.floor(index / columns);
  const rows = Math.ceil(activations.length / columns);
  const subplotDomain = (index: number, count: number, spacing: number) => [
    index / count + spacing / 2,
    (index + 1) / count - spacing / 2,
  ];
  const zero = { zeroline: true, zerolinecolor: "#888888", dtick: 1 };
  return {
    [`xaxis${suffix}`]: {
      ...axis(row === rows - 1 ? "x" : ""),
      ...zero,
      range: [-3, 3],
      domain: subplotDomain(column, columns, 0.05),
      anchor: `y${suffix}`,
    },
    [`yaxis${suffix}`]: {
      ...axis(""),
      ...zero,
      range: [-1.5, 3],
      domain: subplotDomain(rows - 1 - row, rows, 0.2),
      anchor: `x${suffix}`,
    },
  };
}

function valuesOf(activation: Activation, x: readonly number[]): number[] {
  return tf.tidy(() =>
    Array.from(activation.compute(tf.tensor1d([...x])).dataSync()),
  );
}
