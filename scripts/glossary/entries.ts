/**
 * The entries of `docs/glossary.md`: terms, other words for them, and definitions.
 */
import { coded } from "../../src/notebook/coded-error";

/** A term and its definition. */
export interface Entry {
  readonly term: string;
  /** The id of the entry's anchor. */
  readonly anchor: string;
  /** Other words that the entry covers, from the parentheses after the term. */
  readonly others: readonly string[];
  /** The parentheses as written, or "". */
  readonly remark: string;
  /** Markdown on one line, without the sentence that names the place. */
  readonly definition: string;
}

const pattern =
  /^<a id="([^"]*)"><\/a>\*\*(.+?)\*\*( \([^)]*\))?: (.+?)( See \[[^\]]*\]\([^)]*\)\.)?$/;

/** Whether a paragraph of the glossary is an entry. */
export const isEntry = (paragraph: string) => paragraph.startsWith("<a id=");

/** Returns the paragraphs of Markdown, separated by empty lines. */
export const paragraphsOf = (markdown: string) => markdown.split(/\n{2,}/);

/**
 * Returns the entries of the glossary, in its order.
 *
 * @throws Error `ERR_FILE_FORMAT` if an entry is not an anchor, a term in bold, a colon and a
 *   definition, or if its anchor is not made of its term.
 */
export function entriesOf(markdown: string): Entry[] {
  return paragraphsOf(markdown).filter(isEntry).map(parseEntry);
}

/** Returns one entry. See {@link entriesOf} for the errors. */
export function parseEntry(paragraph: string): Entry {
  const line = paragraph.trim().replace(/\s*\n\s*/g, " ");
  const [, anchor, term, remark = "", definition] = pattern.exec(line) ?? [];
  if (anchor === undefined || term === undefined || definition === undefined) {
    throw coded(
      "ERR_FILE_FORMAT",
      new Error(
        `Expected an entry <a id="anchor"></a>**term** (also *other*): definition, received ${line}`,
      ),
    );
  }
  if (anchor !== anchorOf(term)) {
    throw coded(
      "ERR_FILE_FORMAT",
      new Error(
        `Expected the anchor ${anchorOf(term)} for "${term}", received ${anchor}`,
      ),
    );
  }
  const others = [...remark.matchAll(/[*_]([^*_]+)[*_]/g)].map(
    ([, word]) => word!,
  );
  return { term, anchor, others, remark, definition };
}

/** Returns the anchor of a term: "1 × 1 convolution" has "1-1-convolution". */
export function anchorOf(term: string): string {
  return term
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-|-$/g, "");
}
