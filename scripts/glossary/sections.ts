/**
 * The sections of the course's notebooks: headings, their ids on a page, and the text below them.
 */
import path from "node:path";
import { readNotebook, sourceOf, type Notebook } from "../handouts/notebook";
import { readingOrder } from "../handouts/handout";

/** A heading and what follows it up to the next heading of any level. */
export interface Section {
  /** Path of the notebook below `notebooks/`, without its ending. */
  readonly notebook: string;
  /** 1 for the notebook's title. */
  readonly level: number;
  /** The heading without markup. */
  readonly heading: string;
  /** The id of the heading on a page, as `scripts/pages/convnotes_page.py` makes it. */
  readonly id: string;
  /** The Markdown below the heading, without folded parts. */
  readonly text: string;
  /** The number of code cells below the heading. */
  readonly codeCells: number;
}

/** Returns the sections of all notebooks in reading order. */
export function readSections(root: string): Section[] {
  return readingOrder.flatMap((name) =>
    sectionsOf(
      name,
      readNotebook(path.join(root, "notebooks", `${name}.ipynb`)),
    ),
  );
}

/**
 * Returns the sections of a notebook in order. What precedes the first heading is left out.
 *
 * @param name Path of the notebook below `notebooks/`, without its ending.
 */
export function sectionsOf(name: string, { cells }: Notebook): Section[] {
  const sections: { -readonly [Key in keyof Section]: Section[Key] }[] = [];
  const ids = new Set<string>();
  for (const cell of cells) {
    if (cell.cell_type === "code" && sections.length > 0) {
      sections.at(-1)!.codeCells += 1;
    }
    if (cell.cell_type !== "markdown") continue;
    let isCode = false;
    for (const line of withoutFolds(sourceOf(cell)).split("\n")) {
      if (line.startsWith("```")) isCode = !isCode;
      const [, marks, title] =
        (!isCode && /^(#{1,6}) +(.+?) *#*$/.exec(line)) || [];
      if (marks !== undefined && title !== undefined) {
        const id = uniqueId(title, ids);
        const heading = plain(title);
        const { length: level } = marks;
        sections.push({
          notebook: name,
          level,
          heading,
          id,
          text: "",
          codeCells: 0,
        });
      } else if (sections.length > 0) {
        sections.at(-1)!.text += `${line}\n`;
      }
    }
  }
  return sections.map((each) => ({ ...each, text: each.text.trim() }));
}

/** Returns Markdown without its elements `<details>`, which may contain each other. */
export function withoutFolds(markdown: string): string {
  let depth = 0;
  return markdown
    .split(/(<details\b[^>]*>|<\/details>)/)
    .filter((part) => {
      if (part.startsWith("<details")) depth += 1;
      const isVisible = depth === 0;
      if (part === "</details>") depth -= 1;
      return isVisible;
    })
    .join("");
}

/** Returns a heading's text without links, code marks, emphasis and formulas. */
function plain(title: string): string {
  return title
    .replace(/\$[^$]*\$/g, "")
    .replace(/\[([^\]]*)\]\([^)]*\)/g, "$1")
    .replace(/[*`]/g, "")
    .trim();
}

function uniqueId(title: string, ids: Set<string>): string {
  const base = plain(title).replaceAll(" ", "-") || "section";
  let id = base;
  for (let number = 2; ids.has(id); number++) id = `${base}-${number}`;
  ids.add(id);
  return id;
}
