/**
 * Maps positions in compiled JavaScript to positions in the original TypeScript.
 */
import { fileURLToPath } from "node:url";
import { decode, type SourceMapSegment } from "@jridgewell/sourcemap-codec";

/** A position as in stack traces; line and column count from 1. */
interface OriginalPosition {
  readonly line: number;
  readonly column: number;
}

/** Converts a file URL to a path. Returns other names unchanged. */
export function pathOf(file: string): string {
  if (!file.startsWith("file:")) return file;
  try {
    return fileURLToPath(file);
  } catch {
    return file;
  }
}

/** The decoded source map of one cell or file. */
export class OriginalPositions {
  readonly #lines: readonly (readonly SourceMapSegment[])[];

  /** @param map The source map, as JSON. */
  constructor(map: string) {
    const { mappings = "" } = JSON.parse(map) as { mappings?: string };
    this.#lines = decode(mappings).map((segments) =>
      segments.filter((segment) => segment.length > 1),
    );
  }

  /**
   * Returns the original position, or undefined before the first mapped line, where TypeScript's
   * helpers are. Code that TypeScript inserted later, such as the end of a `using` block, belongs
   * to the line before it.
   */
  find(line: number, column: number): OriginalPosition | undefined {
    const segments = this.#lines[line - 1] ?? [];
    const before = segments.filter(([start]) => start < column);
    const found = before.at(-1) ?? segments[0] ?? this.#lineBefore(line)?.[0];
    if (found === undefined || found.length === 1) return undefined;
    return { line: found[2] + 1, column: found[3] + 1 };
  }

  #lineBefore(line: number): readonly SourceMapSegment[] | undefined {
    for (let index = line - 2; index >= 0; index -= 1) {
      const segments = this.#lines[index];
      if (segments !== undefined && segments.length > 0) return segments;
    }
    return undefined;
  }
}
