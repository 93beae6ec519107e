/**
 * Returns the TypeScript of a cell: what the kernel itself answers is replaced by blanks, so that
 * positions stay as they are.
 *
 * This concerns the question marks of a help query (`tf.conv2d?`), magics (`%time`), and cells in
 * another language (`%%html`).
 */
import ts from "typescript";
import { nameQuestion } from "../front/pager";
import { findMagic } from "../magics/catalog";
import { magicCell } from "../magics/compiler/magic-lines";

/** Matches the first line of a cell with a magic for the whole cell. */
const CELL_MAGIC = /^\s*%%([A-Za-z]\w*)/;

/** Returns a text of the same length and with the same lines as the cell. */
export function checkedText(source: string): string {
  if (nameQuestion(source)) return source.replaceAll("?", " ");
  const [, language] = CELL_MAGIC.exec(source) ?? [];
  if (language !== undefined && findMagic(language) === undefined) {
    return source.replace(/[^\r\n]/g, " ");
  }
  return magicCell(ts, source)?.blanked ?? source;
}
