/**
 * Makes the student's and the solution copy of a lab from its source notebook.
 *
 * The source marks what students write as nbgrader does: code between `// BEGIN SOLUTION` and `//
 * END SOLUTION`, and Markdown cells with points. The student's copy is what nbgrader generates with
 * the configuration in `notebooks/labs/nbgrader_config.py`.
 */
import { coded } from "../../src/notebook/coded-error";
import { sourceOf, withSource, type Cell, type Notebook } from "./notebook";

const begin = /^\s*\/\/\s*BEGIN SOLUTION\s*$/;
const end = /^\s*\/\/\s*END SOLUTION\s*$/;

/** What stands in the place of a solution, in code and in Markdown. */
export const stubs = {
  code: ["// YOUR CODE HERE", "return notWritten();"],
  markdown: "YOUR ANSWER HERE",
} as const;

/**
 * Returns the student's copy: gaps in place of the solutions, and no outputs.
 *
 * @throws Error If a solution begins or ends without its counterpart.
 */
export function studentCopy(lab: Notebook): Notebook {
  return {
    ...lab,
    cells: lab.cells.map((cell) => {
      const source = sourceOf(cell);
      if (cell.cell_type === "markdown") {
        const { grade = false, solution = false } =
          cell.metadata.nbgrader ?? {};
        return grade && solution ? withSource(cell, stubs.markdown) : cell;
      }
      const open = replaceSolutions(cell, (indent) =>
        stubs.code.map((line) => indent + line),
      );
      return cleared(open ?? withSource(cell, source));
    }),
  };
}

/**
 * Returns the solution copy: the solutions without their marks. Outputs stay.
 *
 * @throws Error If a solution begins or ends without its counterpart.
 */
export function solutionCopy(lab: Notebook): Notebook {
  return {
    ...lab,
    cells: lab.cells.map(
      (cell) => replaceSolutions(cell, (_, solution) => solution) ?? cell,
    ),
  };
}

/** Replaces marked regions, marks included. Returns undefined if there is none. */
function replaceSolutions(
  cell: Cell,
  replacement: (
    indent: string,
    solution: readonly string[],
  ) => readonly string[],
): Cell | undefined {
  const lines = sourceOf(cell).split("\n");
  const result: string[] = [];
  let solution: string[] | undefined;
  // nbgrader indents what it puts in as the line with BEGIN.
  let indent = "";
  let found = false;
  for (const line of lines) {
    if (begin.test(line)) {
      if (solution !== undefined) throw unpaired(cell, "BEGIN");
      solution = [];
      indent = /^\s*/.exec(line)![0];
      found = true;
    } else if (end.test(line)) {
      if (solution === undefined) throw unpaired(cell, "END");
      result.push(...replacement(indent, solution));
      solution = undefined;
    } else {
      (solution ?? result).push(line);
    }
  }
  if (solution !== undefined) throw unpaired(cell, "BEGIN");
  return found ? withSource(cell, result.join("\n")) : undefined;
}

function cleared(cell: Cell): Cell {
  if (cell.cell_type !== "code") return cell;
  return { ...cell, outputs: [], execution_count: null };
}

function unpaired(cell: Cell, mark: string): Error {
  return coded(
    "ERR_FILE_FORMAT",
    new Error(
      `Expected every "${mark} SOLUTION" to have its counterpart, received one alone in the cell "${cell.id}".`,
    ),
  );
}
