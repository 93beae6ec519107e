/**
 * Makes of each solution in a notebook two cells: the gap that students fill, and the solution,
 * which the page folds.
 */
import { cellsWithGaps } from "../gaps";
import type { Cell, Notebook } from "../notebook";

/** The tag of cells that the page folds under "Solution". */
export const solutionTag = "solution";

/**
 * Returns a notebook with a gap, as in the student's copy, before each solution. The outputs of the
 * cell follow the solution.
 *
 * @throws Error `ERR_FILE_FORMAT` if a solution begins or ends without its counterpart.
 */
export function withFoldedSolutions(notebook: Notebook): Notebook {
  const cells = cellsWithGaps(notebook).flatMap(({ cell, gap }): Cell[] => {
    if (gap === undefined) return [cell];
    const solution: Cell = {
      ...gap.solved,
      id: `${cell.id}-solution`,
      metadata: {
        ...cell.metadata,
        tags: [...(cell.metadata.tags ?? []), solutionTag],
      },
    };
    return [gap.open, solution];
  });
  return { ...notebook, cells };
}
