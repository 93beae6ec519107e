/**
 * Links from one notebook to another, for the places where handouts have them.
 */
import path from "node:path";
import { sourceOf, withSource, type Notebook } from "./notebook";

/** A Markdown link to a file of the checkout: a notebook or a document. */
const fileLink = /\[([^\][]*)\]\(([\w./-]+)\.(ipynb|md)(#[^)\s]*)?\)/g;

/**
 * Directs the links between notebooks to files in one folder. A link to a file that is not there
 * becomes plain text.
 *
 * @param names The chapters in the folder.
 * @param ending Of the folder's files, such as ".html".
 */
export function withLinks(
  notebook: Notebook,
  names: readonly string[],
  ending: ".html" | ".ipynb",
): Notebook {
  return {
    ...notebook,
    cells: notebook.cells.map((cell) => {
      if (cell.cell_type !== "markdown") return cell;
      const source = sourceOf(cell);
      const linked = source.replace(
        fileLink,
        (_, text: string, place: string, kind: string, anchor = "") => {
          const name = path.posix.basename(place);
          return kind === "ipynb" && names.includes(name)
            ? `[${text}](${name}${ending}${anchor})`
            : text;
        },
      );
      return linked === source ? cell : withSource(cell, linked);
    }),
  };
}
