/**
 * The maps of two steps, one after the other, as one map.
 */
import { encode, type SourceMapSegment } from "@jridgewell/sourcemap-codec";
import {
  decodedMappings,
  TraceMap,
  traceSegment,
  type SourceMapInput,
} from "@jridgewell/trace-mapping";

/** In what the texts at the two ends differ from what the maps say. */
export interface MapShifts {
  /** Lines that stand before the last text. */
  readonly wrapper: number;
  /** Lines that stood before the cell in the first text. */
  readonly preamble: number;
  /** Places of the cell for which another is to be given, as "line:column". */
  readonly replaced?: ReadonlyMap<
    string,
    readonly [line: number, column: number]
  >;
}

/**
 * One map, as JSON, from the last text to the cell.
 *
 * @param first The map from the text between to the cell.
 * @param second The map from the last text to the text between; none if they are the same.
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
