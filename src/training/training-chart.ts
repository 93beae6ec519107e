/**
 * Draws the curves of a training run as SVG.
 *
 * Not with Plotly, which draws only in a browser: the image is drawn four times per second during
 * a run, and belongs to what is saved.
 */
import { escapeHtml } from "../notebook/html";

/** A point of a curve: the epochs trained so far, and the value. */
export type CurvePoint = readonly [epochs: number, value: number];

/** A curve with its name, such as "val_loss". */
export interface ChartCurve {
  readonly name: string;
  readonly points: readonly CurvePoint[];
}

/** A metric with its curves, which share a vertical axis. */
interface Panel {
  readonly metric: string;
  readonly curves: readonly ChartCurve[];
}

const panelWidth = 310;
const panelHeight = 190;
/** Space around the curves of a panel, in pixels. */
const margin = { left: 46, right: 10, top: 26, bottom: 30 };
/** At most this many panels are drawn: the loss and the first metric. */
const mostPanels = 2;
/** Curves with more points have no markers, which would cover each other. */
const mostMarkers = 30;
/** About how many ticks an axis has. */
const wantedTicks = 4;

/** Colors that are distinguishable with color blindness (Okabe and Ito, 2008): blue, vermilion. */
const colors = { training: "#0072B2", validation: "#D55E00" } as const;

/**
 * Draws curves over the epochs: one panel for the loss, and one for the first other metric. Curves
 * of validation, whose names begin with "val_", are dashed. Values that are not finite are left
 * out.
 *
 * @param curves The curves, in the order of a history.
 * @param epochs The number of epochs that the horizontal axis shows.
 * @param background The color behind the curves; transparent by default.
 */
export function trainingChart(
  curves: readonly ChartCurve[],
  epochs: number,
  background?: string,
): string {
  const panels = panelsOf(curves);
  const width = panelWidth * Math.max(1, panels.length);
  const drawn = panels.map(
    (panel, index) =>
      `<g transform="translate(${index * panelWidth} 0)">${drawPanel(panel, epochs)}</g>`,
  );
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${panelHeight}" width="${width}" height="${panelHeight}" font-family="sans-serif" font-size="11" fill="currentColor">`,
    background === undefined
      ? ""
      : `<rect width="${width}" height="${panelHeight}" fill="${background}"/>`,
    ...drawn,
    "</svg>",
  ].join("");
}

/** Describes the curves in a sentence, for readers who do not see them. */
export function describeChart(curves: readonly ChartCurve[]): string {
  const texts = curves.flatMap(({ name, points }) => {
    const [first, last] = [points[0], points.at(-1)];
    if (first === undefined || last === undefined) return [];
    return points.length === 1
      ? [`${name} ${first[1].toFixed(4)}`]
      : [`${name} from ${first[1].toFixed(4)} to ${last[1].toFixed(4)}`];
  });
  return texts.length === 0
    ? "Curves of the training; none yet"
    : `Curves of the training: ${texts.join(", ")}`;
}

function metricOf(name: string): string {
  return name.replace(/^val_/, "");
}

function panelsOf(curves: readonly ChartCurve[]): readonly Panel[] {
  const metrics = [...new Set(curves.map(({ name }) => metricOf(name)))];
  return metrics.slice(0, mostPanels).map((metric) => ({
    metric,
    curves: curves.filter(({ name }) => metricOf(name) === metric),
  }));
}

function drawPanel({ metric, curves }: Panel, epochs: number): string {
  const values = curves
    .flatMap(({ points }) => points.map(([, value]) => value))
    .filter(Number.isFinite);
  const [low, high] = rangeOf(values);
  const right = panelWidth - margin.right;
  const bottom = panelHeight - margin.bottom;
  const x = (at: number) => margin.left + (at / epochs) * (right - margin.left);
  const y = (value: number) =>
    bottom - ((value - low) / (high - low)) * (bottom - margin.top);
  const grid = ticks(low, high).map(
    (tick) =>
      `<path d="M${margin.left} ${round(y(tick))}H${right}" stroke="currentColor" stroke-opacity="0.15"/>` +
      `<text x="${margin.left - 5}" y="${round(y(tick) + 4)}" text-anchor="end">${tickText(tick)}</text>`,
  );
  const below = ticks(0, epochs)
    .filter(Number.isInteger)
    .map(
      (tick) =>
        `<text x="${round(x(tick))}" y="${bottom + 14}" text-anchor="middle">${tick}</text>`,
    );
  return [
    ...grid,
    `<path d="M${margin.left} ${bottom}H${right}" stroke="currentColor" stroke-opacity="0.6"/>`,
    ...below,
    `<text x="${right}" y="${panelHeight - 3}" text-anchor="end">epoch</text>`,
    drawLegend(metric, curves),
    ...curves.map((curve) => drawCurve(curve, x, y)),
  ].join("");
}

function drawLegend(metric: string, curves: readonly ChartCurve[]): string {
  const hasValidation = curves.some(({ name }) => name !== metric);
  const entries = [
    `<tspan font-weight="bold">${escapeHtml(metric)}</tspan>`,
    `<tspan dx="10" fill="${colors.training}">● training</tspan>`,
    hasValidation
      ? `<tspan dx="8" fill="${colors.validation}">■ validation</tspan>`
      : "",
  ];
  return `<text x="${margin.left}" y="14">${entries.join("")}</text>`;
}

function drawCurve(
  { name, points }: ChartCurve,
  x: (at: number) => number,
  y: (value: number) => number,
): string {
  const isValidation = name.startsWith("val_");
  const color = isValidation ? colors.validation : colors.training;
  const places = points
    .filter(([, value]) => Number.isFinite(value))
    .map(([at, value]) => [round(x(at)), round(y(value))] as const);
  const line = places.map((place) => place.join(" ")).join("L");
  const dashes = isValidation ? ' stroke-dasharray="5 3"' : "";
  const markers =
    places.length > mostMarkers
      ? []
      : places.map(([left, top]) =>
          isValidation
            ? `<rect x="${round(left - 2.5)}" y="${round(top - 2.5)}" width="5" height="5" fill="${color}"/>`
            : `<circle cx="${left}" cy="${top}" r="2.5" fill="${color}"/>`,
        );
  return line === ""
    ? ""
    : `<path d="M${line}" fill="none" stroke="${color}" stroke-width="1.5"${dashes}/>${markers.join("")}`;
}

/** Returns a range that contains the values and is not empty. */
function rangeOf(values: readonly number[]): readonly [number, number] {
  if (values.length === 0) return [0, 1];
  const low = values.reduce((least, value) => Math.min(least, value));
  const high = values.reduce((most, value) => Math.max(most, value));
  const space = (high - low) * 0.06 || Math.abs(high) * 0.1 || 1;
  return [low - space, high + space];
}

/** Returns round numbers in a range, about {@link wantedTicks}. */
function ticks(low: number, high: number): readonly number[] {
  const rough = (high - low) / wantedTicks;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step =
    [1, 2, 5, 10].map((each) => each * power).find((each) => each >= rough) ??
    rough;
  const first = Math.ceil(low / step);
  const last = Math.floor(high / step);
  return Array.from({ length: last - first + 1 }, (_, index) =>
    Number(((first + index) * step).toPrecision(12)),
  );
}

function tickText(tick: number): string {
  const size = Math.abs(tick);
  return size !== 0 && (size < 1e-3 || size >= 1e5)
    ? tick.toExponential(0)
    : String(tick);
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
