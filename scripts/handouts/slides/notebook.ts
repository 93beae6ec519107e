/**
 * Prepares a notebook for its slides: solutions are in the speaker's notes, links lead to slides.
 */
import { cellsWithGaps } from "../gaps";
import { markdownWithLinks } from "../links";
import { sourceOf, withSource, type Cell, type Notebook } from "../notebook";

/**
 * Returns the notebook that slides are made of. Code that students write is a gap, as in the
 * student's copy of a lab; the solution follows as a speaker's note. Outputs stay.
 *
 * @param names The notebooks that have slides, without folder and ending.
 * @throws Error `ERR_FILE_FORMAT` if a solution begins or ends without its counterpart.
 */
export function slidesNotebook(
  notebook: Notebook,
  names: readonly string[],
): Notebook {
  return {
    ...notebook,
    cells: cellsWithGaps(notebook).flatMap(({ cell, gap }): Cell[] => {
      // The cell's metadata says that an answer in words is a note.
      if (cell.cell_type === "markdown")
        return [withLinksToSlides(cell, names)];
      return gap === undefined
        ? [cell]
        : [withSource(cell, sourceOf(gap.open)), solutionNote(gap.solved)];
    }),
  };
}

function withLinksToSlides(cell: Cell, names: readonly string[]): Cell {
  return withSource(
    cell,
    markdownWithLinks(sourceOf(cell), names, {
      ending: ".html",
      // A slide has a number, and no anchor for each heading.
      keepsSections: false,
    }),
  );
}

/** A speaker's note with the code of a cell. */
function solutionNote(cell: Cell): Cell {
  const note: Cell = {
    cell_type: "markdown",
    id: `${cell.id.slice(0, 55)}-solution`,
    metadata: { slideshow: { slide_type: "notes" } },
    source: "",
  };
  return withSource(
    note,
    `**Solution**\n\n\`\`\`typescript\n${sourceOf(cell)}\n\`\`\``,
  );
}
