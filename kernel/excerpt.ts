/**
 * Formats source excerpts with one marked position, for type errors and runtime errors.
 */
import type { Position } from "./compiler/compiler";
import { DIM, RED, RESET } from "./colors";

/** Number of lines shown before and after the marked line. */
const CONTEXT_LINES = 2;

/**
 * Returns the numbered lines around `start` with a caret under that position. If `end` is on the
 * same line, underlines the range between the two.
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
    // Tabs are kept, so that the caret lines up with the text above it.
    const indent = text.slice(0, start.column).replace(/[^\t]/g, " ");
    shown.push(`${RED}>${RESET} ${DIM}${number} |${RESET} ${text}`);
    shown.push(
      `  ${" ".repeat(width)} ${DIM}|${RESET} ${indent}${RED}${"^".repeat(length)}${RESET}`,
    );
  }
  return shown;
}
