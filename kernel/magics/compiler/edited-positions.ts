/**
 * Maps positions in an edited cell back to the cell: those of errors, and those of a source map.
 *
 * The edits replace text within a line, so that the numbers of lines stay; lines that an edit adds
 * come after the last one.
 */
import { decode, encode } from "@jridgewell/sourcemap-codec";
import type { Position } from "../../compiler/compiler";
import type { Edit } from "../../compiler/text-edit";

/** An edit of one line: columns of the original text, and the length of the new text. */
interface LineEdit {
  readonly start: number;
  readonly end: number;
  readonly added: number;
}

const NEW_LINE = /\r\n|[\n\r\u2028\u2029]/g;

/** The positions of an edited text in the original one. */
export class EditedPositions {
  readonly #edits = new Map<number, LineEdit[]>();
  /** The offset of each line in the original text. */
  readonly #lines: readonly number[];
  /** The end of the original text. */
  readonly #end: Position;

  /**
   * @param source The original text.
   * @param edits Its edits, in any order, none of which overlap.
   */
  constructor(source: string, edits: readonly Edit[]) {
    this.#lines = [
      0,
      ...[...source.matchAll(NEW_LINE)].map(
        ({ index, 0: { length } }) => index + length,
      ),
    ];
    const last = this.#lines.length - 1;
    this.#end = { line: last, column: source.length - this.#lines[last]! };
    for (const edit of [...edits].sort(
      (one, other) => one.start - other.start,
    )) {
      const line =
        this.#lines.filter((start) => start <= edit.start).length - 1;
      const first = this.#lines[line]!;
      const onLine = this.#edits.get(line) ?? [];
      onLine.push({
        start: edit.start - first,
        end: edit.end - first,
        // What follows a line break is behind the original text.
        added: edit.text.split("\n")[0]!.length,
      });
      this.#edits.set(line, onLine);
    }
  }

  /** Returns the position in the original text. Added text is at the place where it was added. */
  original({ line, column }: Position): Position {
    if (line > this.#end.line) return this.#end;
    let moved = 0;
    for (const { start, end, added } of this.#edits.get(line) ?? []) {
      if (column < start + moved) break;
      if (column < start + moved + added) return { line, column: start };
      moved += added - (end - start);
    }
    return { line, column: column - moved };
  }

  /** Returns a source map to the original text, from one to the edited text. */
  originalMap(sourceMap: string): string {
    const map = JSON.parse(sourceMap) as { mappings: string };
    const lines = decode(map.mappings);
    for (const segment of lines.flat()) {
      if (segment.length === 1) continue;
      const { line, column } = this.original({
        line: segment[2],
        column: segment[3],
      });
      segment[2] = line;
      segment[3] = column;
    }
    return JSON.stringify({ ...map, mappings: encode(lines) });
  }
}
