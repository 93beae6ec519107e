/**
 * Locates the string literal around the cursor and the path segment that a completion replaces.
 */
import ts from "typescript";

/**
 * A string literal around the cursor. Offsets are in UTF-16 code units from the start of the cell.
 */
interface StringPlace {
  readonly literal: ts.StringLiteralLike;
  /** The start of its content, after the quote. */
  readonly start: number;
  /** The end of its content; the cursor if the literal is unterminated. */
  readonly end: number;
}

/** Returns the string literal that contains the offset, or undefined if there is none. */
export function stringAt(
  cell: ts.SourceFile,
  offset: number,
): StringPlace | undefined {
  let place: StringPlace | undefined;
  const visit = (node: ts.Node): void => {
    if (node.pos > offset || node.end < offset) return;
    if (!ts.isStringLiteralLike(node)) {
      ts.forEachChild(node, visit);
      return;
    }
    const isOpen = node.isUnterminated === true;
    const start = node.getStart(cell) + 1;
    const end = isOpen ? offset : node.end - 1;
    if (start <= offset && offset <= end) {
      place = { literal: node, start, end };
    }
  };
  visit(cell);
  return place;
}

/** Returns the path segment that contains the offset. */
export function segmentAt(
  text: string,
  { start, end }: StringPlace,
  offset: number,
): { start: number; end: number } {
  const slashBefore = text.slice(start, offset).lastIndexOf("/");
  const slashBehind = text.slice(offset, end).indexOf("/");
  return {
    start: start + slashBefore + 1,
    end: slashBehind === -1 ? end : offset + slashBehind,
  };
}
