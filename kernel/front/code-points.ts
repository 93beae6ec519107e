/**
 * The front process's ruler: Jupyter counts cursor positions in Unicode code points, JavaScript in
 * UTF-16 code units (messaging specification, "cursor_pos", since protocol 5.2).
 */

/** The offset in code units of a position in code points. */
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

/** The position in code points of an offset in code units. */
export function toCodePoints(text: string, units: number): number {
  return [...text.slice(0, units)].length;
}
