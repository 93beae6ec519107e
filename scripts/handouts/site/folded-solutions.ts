/**
 * Makes of each solution in a notebook two cells: the gap that students fill, and the solution,
 * which the page folds.
 */
import { solutionCopy, studentCopy } from "../lab-copies";
import { sourceOf, type Cell, type Notebook } from "../notebook";

/** The tag of cells that the page folds under "Solution". */
export const solutionTag = "solution";

/**
 * Returns a notebook with a gap, as in the student's copy, before each solution. The outputs of the
 * cell follow the solution.
 *
 * @throws Error If a solution begins or ends without its counterpart.
 */
export function withFoldedSolutions(notebook: Notebook): Notebook {
  const gaps = studentCopy(notebook).cells;
  const solutions = solutionCopy(notebook).cells;
  const cells = notebook.cells.flatMap((cell, index): Cell[] => {
    const gap = gaps[index]!;
    if (sourceOf(gap) === sourceOf(cell)) return [cell];
    const solution: Cell = {
      ...solutions[index]!,
      id: `${cell.id}-solution`,
      metadata: {
        ...cell.metadata,
        tags: [...(cell.metadata.tags ?? []), solutionTag],
      },
    };
    return [gap, solution];
  });
  return { ...notebook, cells };
}
