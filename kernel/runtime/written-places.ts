/**
 * Where in TypeScript a place of the JavaScript made from it was written.
 */
import { fileURLToPath } from "node:url";
import { decode, type SourceMapSegment } from "@jridgewell/sourcemap-codec";

/** A place as stack traces name it: both count from 1. */
export interface Place {
  readonly line: number;
  readonly column: number;
}

/** The path of a file that is named by a URL. */
export function pathOf(file: string): string {
  if (!file.startsWith("file:")) return file;
  try {
    return fileURLToPath(file);
  } catch {
    return file;
  }
}

/** The map of one cell or file. */
export class WrittenPlaces {
  readonly #lines: readonly (readonly SourceMapSegment[])[];

  /** @param map The source map, as JSON. */
  constructor(map: string) {
    const { mappings = "" } = JSON.parse(map) as { mappings?: string };
    this.#lines = decode(mappings).map((segments) =>
      segments.filter((segment) => segment.length > 1),
    );
  }

  /**
   * Where this place was written; undefined before the first line that was, where TypeScript's helpers stand. What TypeScript has put
   * in between, such as the end of a `using`, belongs to the line before it.
   */
  find(line: number, column: number): Place | undefined {
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
