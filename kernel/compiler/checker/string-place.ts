/**
 * A string that the cursor stands in, and which piece of it a proposal replaces.
 */
import ts from "typescript";

/** A string around the cursor. Offsets are code units from the start of the cell. */
export interface StringPlace {
  readonly literal: ts.StringLiteralLike;
  /** Where its content begins, behind the quote. */
  readonly start: number;
  /** Where its content ends. A string that nobody has closed yet ends at the cursor. */
  readonly end: number;
}

/** The string in which the offset lies; undefined if there is none. */
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

/** The piece of a path between two slashes in which the offset lies. */
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
