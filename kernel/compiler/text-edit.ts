/**
 * Applies small edits to a text and to its source map.
 */
import { decode, encode } from "@jridgewell/sourcemap-codec";

/** An edit within one line: `text` replaces what is between the two offsets. */
export interface Edit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** Returns the text with the edits applied. The edits must not overlap. */
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
 * Returns the source map of the edited text, in which the text after an edit on the same line has
 * moved.
 *
 * @param sourceMap The source map of the original text, as JSON.
 * @param position Returns the line and column of an offset in the original text.
 */
export function shifted(
  sourceMap: string,
  edits: readonly Edit[],
  position: (offset: number) => { line: number; character: number },
): string {
  const map = JSON.parse(sourceMap) as { mappings: string };
  const lines = decode(map.mappings);
  // From right to left, so that the columns further left stay valid.
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
