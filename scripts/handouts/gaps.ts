/**
 * The cells of a notebook that students write: each with its gap and its solution.
 */
import { solutionCopy, studentCopy } from "./lab-copies";
import { sourceOf, type Cell, type Notebook } from "./notebook";

/** What stands in the copies in place of a cell that students write. */
export interface Gap {
  /** The cell of the student's copy: a gap, no outputs. */
  readonly open: Cell;
  /** The cell of the solution copy: the solution without its marks. Outputs stay. */
  readonly solved: Cell;
}

/** A cell, and its gap if students write it. */
export interface CellWithGap {
  readonly cell: Cell;
  readonly gap?: Gap;
}

/**
 * Returns the cells of a notebook. Students write code between `// BEGIN SOLUTION` and `// END
 * SOLUTION`, and Markdown cells with points.
 *
 * @throws Error `ERR_FILE_FORMAT` if a solution begins or ends without its counterpart.
 */
export function cellsWithGaps(notebook: Notebook): CellWithGap[] {
  const open = studentCopy(notebook).cells;
  const solved = solutionCopy(notebook).cells;
  return notebook.cells.map((cell, index) =>
    sourceOf(open[index]!) === sourceOf(cell)
      ? { cell }
      : { cell, gap: { open: open[index]!, solved: solved[index]! } },
  );
}
