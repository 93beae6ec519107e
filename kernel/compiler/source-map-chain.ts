/**
 * Combines the source maps of two consecutive transformations.
 */
import { encode, type SourceMapSegment } from "@jridgewell/sourcemap-codec";
import {
  decodedMappings,
  TraceMap,
  traceSegment,
  type SourceMapInput,
} from "@jridgewell/trace-mapping";

/** Differences between the mapped texts and the actual first and last text. */
interface MapShifts {
  /** The number of lines added before the last text. */
  readonly wrapper: number;
  /** The number of lines that preceded the cell in the first text. */
  readonly preamble: number;
  /** Positions in the cell to replace, keyed by "line:column". */
  readonly replaced?: ReadonlyMap<
    string,
    readonly [line: number, column: number]
  >;
}

/**
 * Returns one source map, as JSON, from the last text to the cell.
 *
 * @param first The source map from the intermediate text to the cell.
 * @param second The source map from the last text to the intermediate text; undefined if they are
 *   the same.
 */
export function joinedMaps(
  first: SourceMapInput,
  second: SourceMapInput | undefined,
  { wrapper, preamble, replaced }: MapShifts,
): string {
  const toCell = new TraceMap(first);
  const originOf = (segment: Readonly<SourceMapSegment>) => {
    if (segment.length === 1) return undefined;
    if (second === undefined) return segment;
    const origin = traceSegment(toCell, segment[2], segment[3]);
    return origin === null || origin.length === 1 ? undefined : origin;
  };
  const last = second === undefined ? toCell : new TraceMap(second);
  const lines = decodedMappings(last).map((segments) =>
    segments.flatMap((segment): SourceMapSegment[] => {
      const origin = originOf(segment);
      if (origin === undefined) return [];
      const place = [origin[2] - preamble, origin[3]] as const;
      const [line, column] = replaced?.get(place.join(":")) ?? place;
      return [[segment[0], 0, line, column]];
    }),
  );
  const before = Array.from({ length: wrapper }, () => []);
  const mappings = encode([...before, ...lines]);
  return JSON.stringify({ version: 3, sources: ["cell"], names: [], mappings });
}
