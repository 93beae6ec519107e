/**
 * Converts positions between Unicode code points, which Jupyter counts in, and UTF-16 code units,
 * which JavaScript counts in (messaging specification, "cursor_pos", since protocol 5.2).
 */

/** Converts a position in code points to an offset in code units. */
export function toCodeUnits(text: string, codePoints: number): number {
  let units = 0;
  let left = codePoints;
  for (const character of text) {
    if (left <= 0) break;
    units += character.length;
    left -= 1;
  }
  return units;
}

/** Converts an offset in code units to a position in code points. */
export function toCodePoints(text: string, units: number): number {
  return [...text.slice(0, units)].length;
}
