/**
 * Links from one notebook to another, for the places where handouts have them.
 */
import path from "node:path";
import { withoutCode } from "./markdown-code";
import { sourceOf, withSource, type Notebook } from "./notebook";

/** A link of Markdown that is no image, with a target without a space. */
const link = /(?<!!)\[((?:[^[\]]|\[[^\]]*\])*)\]\(([^)\s]+)\)/g;
/** Targets that mean the same everywhere. */
const isAbsolute = /^(?:[a-z][a-z+.-]*:|#)/i;

/** What links between notebooks lead to. */
export interface LinkTargets {
  /** Of the files that are handed out. */
  readonly ending: ".html" | ".ipynb";
  /** Whether a link may lead to a section of such a file; true by default. */
  readonly keepsSections?: boolean;
}

/**
 * Directs the links between notebooks to files in one folder. A link to any other file becomes
 * plain text, because it is not there.
 *
 * @param names The chapters in the folder.
 * @param ending Of the folder's files.
 */
export function withLinks(
  notebook: Notebook,
  names: readonly string[],
  ending: LinkTargets["ending"],
): Notebook {
  return {
    ...notebook,
    cells: notebook.cells.map((cell) => {
      if (cell.cell_type !== "markdown") return cell;
      const source = sourceOf(cell);
      const linked = markdownWithLinks(source, names, { ending });
      return linked === source ? cell : withSource(cell, linked);
    }),
  };
}

/**
 * Directs the links of a Markdown text as {@link withLinks} does. Links to the web, links within
 * the text, images, and code stay as they are.
 *
 * @param names The chapters in the folder, without ending.
 */
export function markdownWithLinks(
  markdown: string,
  names: readonly string[],
  { ending, keepsSections = true }: LinkTargets,
): string {
  let result = "";
  let from = 0;
  for (const { index, 0: whole, 1: label, 2: target } of withoutCode(
    markdown,
  ).matchAll(link)) {
    if (isAbsolute.test(target!)) continue;
    const [file, section] = target!.split("#");
    const name = path.posix.basename(file!, ".ipynb");
    // The label may contain code, which the search does not see.
    const text = markdown.slice(index + 1, index + 1 + label!.length);
    const anchor = keepsSections && section !== undefined ? `#${section}` : "";
    result += markdown.slice(from, index);
    result +=
      file!.endsWith(".ipynb") && names.includes(name)
        ? `[${text}](${name}${ending}${anchor})`
        : text;
    from = index + whole.length;
  }
  return result + markdown.slice(from);
}
