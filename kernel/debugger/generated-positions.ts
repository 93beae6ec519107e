/**
 * Maps positions in TypeScript to positions in the compiled JavaScript, where breakpoints are set.
 */
import { decode } from "@jridgewell/sourcemap-codec";
import type { TextPosition } from "../compiler/debug-syntax";

/** A position for the inspector. Both numbers count from 0. */
export interface ScriptPosition {
  readonly lineNumber: number;
  readonly columnNumber: number;
}

/** A mapped position: the column in TypeScript, and the position in JavaScript. */
interface Mapped extends ScriptPosition {
  readonly column: number;
}

/** The decoded source map of one script. */
export class GeneratedPositions {
  readonly #map: string;
  /** Mapped positions by line of TypeScript. */
  #lines: Map<number, Mapped[]> | undefined;

  /** @param map The source map, as JSON. */
  constructor(map: string) {
    this.#map = map;
  }

  /**
   * Returns the first position in JavaScript of the code at or behind a position on its line;
   * undefined if there is none.
   */
  find({ line, column }: TextPosition): ScriptPosition | undefined {
    this.#lines ??= linesOf(this.#map);
    const [first] = (this.#lines.get(line - 1) ?? [])
      .filter((mapped) => mapped.column >= column - 1)
      .sort(
        (one, other) =>
          one.column - other.column ||
          one.lineNumber - other.lineNumber ||
          one.columnNumber - other.columnNumber,
      );
    return (
      first && {
        lineNumber: first.lineNumber,
        columnNumber: first.columnNumber,
      }
    );
  }
}

function linesOf(map: string): Map<number, Mapped[]> {
  const { mappings = "" } = JSON.parse(map) as { mappings?: string };
  const lines = new Map<number, Mapped[]>();
  for (const [lineNumber, segments] of decode(mappings).entries()) {
    for (const segment of segments) {
      if (segment.length === 1) continue;
      const [columnNumber, , line, column] = segment;
      const mapped = lines.get(line) ?? [];
      mapped.push({ column, lineNumber, columnNumber });
      lines.set(line, mapped);
    }
  }
  return lines;
}
