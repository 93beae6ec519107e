/**
 * Returns the TypeScript of a cell: what the kernel itself answers is replaced by spaces, so that
 * positions stay as they are.
 *
 * This concerns the question marks of a help query (`tf.conv2d?`), and lines that begin with `%`
 * before the first statement.
 */
import { nameQuestion } from "../front/pager";

/** Matches lines at the start of a cell that are empty, comments or begin with `%` and a name. */
const FIRST_LINES = /^(?:[^\S\n]*(?:\/\/.*|%{1,2}[A-Za-z].*)?(?:\n|$))+/;

/**
 * Matches the first line of a cell in another language, such as `%%html`. No statement precedes it.
 */
const OTHER_LANGUAGE = /^\s*%%[A-Za-z]/;

/** Returns a text of the same length and with the same lines as the cell. */
export function checkedText(source: string): string {
  if (nameQuestion(source)) return source.replaceAll("?", " ");
  if (!source.includes("%")) return source;
  if (OTHER_LANGUAGE.test(source)) return blank(source);
  return source.replace(FIRST_LINES, (lines) =>
    lines.replace(/^[^\S\n]*%.*/gm, blank),
  );
}

function blank(text: string): string {
  return text.replace(/[^\r\n]/g, " ");
}
