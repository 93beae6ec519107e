/**
 * Prepares a notebook for its slides: solutions are in the speaker's notes, links lead to slides.
 */
import { solutionCopy, studentCopy } from "../lab-copies";
import { sourceOf, withSource, type Cell, type Notebook } from "../notebook";
import { withLinksToSlides } from "./links";

/**
 * Returns the notebook that slides are made of. Code that students write is a gap, as in the
 * student's copy of a lab; the solution follows as a speaker's note. Outputs stay.
 *
 * @param names The notebooks that have slides, without folder and ending.
 * @throws Error If a solution begins or ends without its counterpart.
 */
export function slidesNotebook(
  notebook: Notebook,
  names: readonly string[],
): Notebook {
  const open = studentCopy(notebook).cells;
  const solved = solutionCopy(notebook).cells;
  return {
    ...notebook,
    cells: notebook.cells.flatMap((cell, index): Cell[] => {
      const source = sourceOf(cell);
      if (cell.cell_type === "markdown")
        return [withSource(cell, withLinksToSlides(source, names))];
      const gap = sourceOf(open[index]!);
      return gap === source
        ? [cell]
        : [withSource(cell, gap), solutionNote(solved[index]!)];
    }),
  };
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
