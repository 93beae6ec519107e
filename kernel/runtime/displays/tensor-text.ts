/**
 * Values in nested brackets, aligned, as NumPy prints them.
 */
import type { ShownAxis } from "./tensor-axes";

/** How wide a line may be before a row goes on in the next one. */
const MOST_COLUMNS = 100;

const ELLIPSIS = "…";

/**
 * Sets values in brackets.
 *
 * @param texts The texts of the values, in the order of the axes.
 * @param axes What is shown along each axis; none for a scalar.
 */
export function bracketed(
  texts: readonly string[],
  axes: readonly ShownAxis[],
): string {
  if (axes.length === 0) return texts[0] ?? "";
  const width = texts.reduce((most, text) => Math.max(most, text.length), 0);
  let next = 0;
  const block = (depth: number): string => {
    const shown = axes[depth];
    if (shown === undefined) {
      next += 1;
      return (texts[next - 1] ?? "").padStart(width);
    }
    const items = shown.indices.map(() => block(depth + 1));
    if (shown.gap !== undefined) items.splice(shown.gap, 0, ELLIPSIS);
    if (depth === axes.length - 1) return row(items, depth + 1);
    const isRows = depth === axes.length - 2;
    const separator = `,${isRows ? "\n" : "\n\n"}${" ".repeat(depth + 1)}`;
    return `[${items.join(separator)}]`;
  };
  return block(0);
}

/** A row of values, broken into lines where it is long. */
function row(items: readonly string[], indent: number): string {
  const lines: string[] = [];
  let line = "";
  items.forEach((item, index) => {
    const text = index < items.length - 1 ? `${item},` : item;
    if (line !== "" && indent + line.length + text.length >= MOST_COLUMNS) {
      lines.push(line);
      line = text;
    } else {
      line += line === "" ? text : ` ${text}`;
    }
  });
  lines.push(line);
  return `[${lines.join(`\n${" ".repeat(indent)}`)}]`;
}
