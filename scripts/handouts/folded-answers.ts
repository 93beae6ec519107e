/**
 * Finds the folded answers of a notebook's text: `<details><summary>Answer</summary>…</details>`.
 */
import { coded } from "../../src/notebook/coded-error";
import { withoutCode } from "./markdown-code";

/** A folded answer, and its place in the text. */
export interface FoldedAnswer {
  /** The index of its first character, and that after its last one. */
  readonly start: number;
  readonly end: number;
  /** The Markdown inside the fold, without the summary. */
  readonly content: string;
}

const tags = /<details\b[^>]*>|<\/details\s*>/gi;
const beginning = /^<details\b[^>]*>\s*<summary>\s*Answers?\s*<\/summary>/i;

/**
 * Returns the folded answers of a Markdown text, in order. The summary of an answer is "Answer" or
 * "Answers". An answer may contain folds of any kind, which belong to it, and be inside of another
 * fold. Code is no fold.
 *
 * @throws Error `ERR_FILE_FORMAT` if an answer is never closed.
 */
export function foldedAnswers(text: string): FoldedAnswer[] {
  const readable = withoutCode(text);
  const found: FoldedAnswer[] = [];
  let opened: { start: number; inside: number } | undefined;
  let depth = 0;
  for (const { index, 0: tag } of readable.matchAll(tags)) {
    if (opened === undefined) {
      const match = beginning.exec(readable.slice(index));
      if (match === null) continue;
      opened = { start: index, inside: index + match[0].length };
      depth = 1;
      continue;
    }
    depth += tag.startsWith("</") ? -1 : 1;
    if (depth > 0) continue;
    const { start, inside } = opened;
    const content = text.slice(inside, index).trim();
    found.push({ start, end: index + tag.length, content });
    opened = undefined;
  }
  if (opened !== undefined) {
    const [line] = text.slice(opened.start).split("\n");
    throw coded(
      "ERR_FILE_FORMAT",
      new Error(
        `Expected every folded answer to end with </details>, received one without: ${line}`,
      ),
    );
  }
  return found;
}
