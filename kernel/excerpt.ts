/**
 * A few lines of a cell with one place marked, as both type errors and runtime errors show it.
 */
import type { Position } from "./compiler/compiler";
import { DIM, RED, RESET } from "./colours";

/** How many lines are shown before and after the marked one. */
const CONTEXT_LINES = 2;

/**
 * The lines around `start`, numbered, with a caret under it; with `end` on the same line, the stretch
 * between the two is underlined.
 */
export function excerpt(
  source: string,
  start: Position,
  end?: Position,
): string[] {
  const lines = source.split("\n");
  const first = Math.max(0, start.line - CONTEXT_LINES);
  const last = Math.min(lines.length - 1, start.line + CONTEXT_LINES);
  const width = String(last + 1).length;
  const shown: string[] = [];
  for (let index = first; index <= last; index += 1) {
    const number = String(index + 1).padStart(width);
    const text = lines[index] ?? "";
    if (index !== start.line) {
      shown.push(`  ${DIM}${number} |${RESET} ${text}`);
      continue;
    }
    const length =
      end?.line === start.line ? Math.max(1, end.column - start.column) : 1;
    // Tabs stay tabs, or the caret would stand elsewhere than the text above it.
    const indent = text.slice(0, start.column).replace(/[^\t]/g, " ");
    shown.push(`${RED}>${RESET} ${DIM}${number} |${RESET} ${text}`);
    shown.push(
      `  ${" ".repeat(width)} ${DIM}|${RESET} ${indent}${RED}${"^".repeat(length)}${RESET}`,
    );
  }
  return shown;
}
