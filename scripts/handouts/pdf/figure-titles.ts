/**
 * Titles of Plotly figures for their captions, from the figure's own title, labels and text.
 */
import type { Notebook } from "../notebook";

/** A figure in a notebook, as far as its title needs it. */
export interface PlotlyFigure {
  readonly layout?: {
    readonly title?: string | { readonly text?: string };
    readonly annotations?: readonly { readonly text?: string }[];
    readonly xaxis?: PlotlyAxis;
    readonly yaxis?: PlotlyAxis;
  };
  readonly config?: Readonly<Record<string, unknown>>;
}

interface PlotlyAxis {
  readonly title?: string | { readonly text?: string };
}

const mime = "application/vnd.plotly.v1+json";

/** The titles of a notebook's Plotly figures, in order; null for a figure without any. */
export function figureTitles(notebook: Notebook): (string | null)[] {
  return notebook.cells.flatMap((cell) =>
    (cell.outputs ?? []).flatMap((output) => {
      const data = (output["data"] ?? {}) as Readonly<Record<string, unknown>>;
      if (!(mime in data)) return [];
      const source = (data["text/plain"] ?? "") as string | readonly string[];
      const text = typeof source === "string" ? source : source.join("");
      return [figureTitle(data[mime] as PlotlyFigure, text)];
    }),
  );
}

/**
 * Returns a figure's title in one line, or null if neither the figure nor its text has one.
 *
 * @param text The figure's text, as readers without images get it.
 */
export function figureTitle(figure: PlotlyFigure, text: string): string | null {
  const title = wholeTitle(figure, text)?.replace(/:$/, "");
  if (title === undefined) return null;
  // A list of many classes is in the figure itself.
  const short = title.length > longest ? title.replace(/:.*$/, "") : title;
  return /^[a-z]+[ ,;]/.test(short)
    ? short[0]!.toUpperCase() + short.slice(1)
    : short;
}

/** A title with more characters than this loses its list. */
const longest = 140;

function wholeTitle(figure: PlotlyFigure, text: string): string | null {
  const own = plain(titleText(figure.layout?.title));
  const described = describedTitle(figure, text);
  if (own === "") return described;
  const repeats =
    described === null || described.toLowerCase().includes(own.toLowerCase());
  return repeats ? (described ?? own) : `${own}: ${lowerFirst(described)}`;
}

/** The title that the text gives, by the kind of the figure. */
function describedTitle(figure: PlotlyFigure, text: string): string | null {
  const lines = text.split("\n").filter((line) => line.trim() !== "");
  const [first = ""] = lines;
  const grid = /^(\d+) x (\d+) (pictures|images), row by row:/.exec(first);
  if (grid !== null) {
    const [, rows, columns, what] = grid;
    return rows === "1" && columns === "1"
      ? `One ${what!.slice(0, -1)} with its class`
      : `${rows} × ${columns} ${what} with their classes`;
  }
  // Numbers in frames, as of a convolution: the frames have labels.
  if (/^[\w ]+:$/.test(first)) return labels(figure);
  if (/ taken for .*, \d+ %$/.test(first)) return ownSentence(lines.at(-1)!);
  if (/^input: \d/.test(first) && lines.length > 1)
    return ownSentence(lines.at(-1)!);
  const names = lines.flatMap(
    (line) => /^(.*): (?:\d+ points?, from|\d+ × \d+$)/.exec(line)?.[1] ?? [],
  );
  if (names.length > 0) return seriesTitle(figure, names);
  const values = lines.filter((line) => /: -?\d[^:]* → /.test(line));
  if (values.length > 1)
    return values.map((line) => line.split(":")[0]).join(", ");
  return first === "" ? null : first.replace(/(\d) x (\d)/g, "$1 × $2");
}

/** The curves or maps of a figure, and its axes if the names say nothing. */
function seriesTitle(
  { layout }: PlotlyFigure,
  names: readonly string[],
): string {
  const [x, y] = [layout?.xaxis, layout?.yaxis].map((axis) =>
    plain(titleText(axis?.title)),
  );
  const isNamed = !names.every((name) => /^(scatter|bar) \d+$/.test(name));
  const axes = y && x ? `${y} by ${x}` : (y ?? "") || (x ?? "");
  if (!isNamed) return axes === "" ? "A plot of numbers" : axes;
  const list = names.join("; ");
  if (axes === "" || list.includes(y!)) return list;
  return axes.toLowerCase().includes(list.toLowerCase())
    ? axes
    : `${axes}: ${list}`;
}

/** The labels above the frames in one line, such as "input, 6 × 6 ∗ kernel, 3 × 3 = output". */
function labels({ layout }: PlotlyFigure): string | null {
  const texts = (layout?.annotations ?? [])
    .map(({ text = "" }) => plain(text))
    .filter((text) => text !== "" && !/^Data: |^Stride \d/.test(text));
  if (texts.length === 0) return null;
  return texts
    .join("; ")
    .replace(/; ([∗=→]);/g, " $1")
    .replace(/; ([∗=→])$/, " $1");
}

/** A line without the sentence on the source of the data, which the figure shows. */
function ownSentence(line: string): string {
  return line.replace(/\s*Data: .*$/, "").replace(/\.$/, "");
}

function titleText(title: string | { readonly text?: string } | undefined) {
  return typeof title === "string" ? title : (title?.text ?? "");
}

/** Plotly's text without elements. */
function plain(text: string): string {
  return text
    .replace(/<br\s*\/?>/g, " ")
    .replace(/<[^>]*>/g, "")
    .replace(/\s+/g, " ")
    .trim();
}

function lowerFirst(text: string): string {
  return /^[A-Z][a-z]/.test(text)
    ? text[0]!.toLowerCase() + text.slice(1)
    : text;
}
