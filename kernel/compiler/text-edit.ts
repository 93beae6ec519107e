/**
 * Small changes of a text that its source map follows.
 */
import { decode, encode } from "@jridgewell/sourcemap-codec";

/** A change of a text: `text` in the place of what stands between the two offsets, on one line. */
export interface Edit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** The text with the edits made. They do not overlap. */
export function edited(text: string, edits: readonly Edit[]): string {
  let result = "";
  let offset = 0;
  for (const edit of inOrder(edits)) {
    result += text.slice(offset, edit.start) + edit.text;
    offset = edit.end;
  }
  return result + text.slice(offset);
}

/**
 * The map of the edited text: what stands behind an edit on its line has moved.
 *
 * @param sourceMap The map of the text before, as JSON.
 * @param position Line and column of an offset in the text before.
 */
export function shifted(
  sourceMap: string,
  edits: readonly Edit[],
  position: (offset: number) => { line: number; character: number },
): string {
  const map = JSON.parse(sourceMap) as { mappings: string };
  const lines = decode(map.mappings);
  // From right to left, so that the columns to the left are still those of the text before.
  for (const { start, end, text } of inOrder(edits).reverse()) {
    const { line, character } = position(start);
    for (const segment of lines[line] ?? []) {
      if (segment[0] >= character) segment[0] += text.length - (end - start);
    }
  }
  return JSON.stringify({ ...map, mappings: encode(lines) });
}

function inOrder(edits: readonly Edit[]): Edit[] {
  return [...edits].sort((one, other) => one.start - other.start);
}
