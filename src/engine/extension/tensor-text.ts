/**
 * Formats values in nested brackets, aligned as in NumPy.
 */
import type { ShownAxis } from "./tensor-axes";

/** Maximum width of a line before a row is wrapped. */
const MOST_COLUMNS = 100;

const ELLIPSIS = "…";

/**
 * Formats values in nested brackets.
 *
 * @param texts The texts of the values, in row-major order.
 * @param axes The shown entries along each axis; empty for a scalar.
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

/** Formats a row of values, wrapped if it is long. */
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
