/**
 * The exercises of a notebook: leaves out answers, and finds where the exercises begin.
 */
import { foldedAnswers } from "./folded-answers";
import { sourceOf, withSource, type Cell, type Notebook } from "./notebook";

const exercisesHeading = /^##[ \t]+Exercises[ \t]*$/m;
const gap = /^\s*\/\/\s*BEGIN SOLUTION\s*$|\breturn notWritten\(\);/m;

/** The text under the heading "Exercises" of each copy. */
const introductions = {
  student:
    "In exercises with code, a cell has a gap. Replace `return notWritten();` by your code, run the cell, and run the check below it. Open the hints one at a time. The answers are in the copy with solutions.",
  solution:
    "In exercises with code, a cell has a solution, and the check below it accepts every right answer, not only this one. Answers in words are folded below their questions.",
} as const;

/**
 * Leaves out the folded answers (`<details><summary>Answer</summary>…`) of a notebook; hints and
 * other folded text stay. A cell of which nothing is left is dropped.
 *
 * @throws Error `ERR_FILE_FORMAT` if an answer is never closed.
 */
export function withoutAnswers(notebook: Notebook): Notebook {
  return {
    ...notebook,
    cells: notebook.cells.flatMap((cell) => {
      if (cell.cell_type !== "markdown") return [cell];
      const source = sourceOf(cell);
      const open = textWithoutAnswers(source);
      if (open === source) return [cell];
      return open.trim() === "" ? [] : [withSource(cell, open)];
    }),
  };
}

/**
 * Leaves out the folded answers of a Markdown text.
 *
 * @throws Error `ERR_FILE_FORMAT` if an answer is never closed.
 */
export function textWithoutAnswers(text: string): string {
  const answers = foldedAnswers(text);
  if (answers.length === 0) return text;
  let result = "";
  let from = 0;
  for (const { start, end } of answers) {
    result += text.slice(from, start);
    from = end;
  }
  return (result + text.slice(from)).replace(/\n{3,}/g, "\n\n").trimEnd();
}

/** What the text under "Exercises" says of answers that the student's copy does not have. */
const openAnswer = "Try each question before you open its answer.";

/**
 * Replaces the text under the heading "Exercises" by what is true for the student's or the solution
 * copy. It speaks about gaps; in a notebook without gaps, only what the student's copy says of
 * answers is replaced.
 */
export function withIntroduction(
  notebook: Notebook,
  copy: keyof typeof introductions,
): Notebook {
  const hasGaps = notebook.cells.some(isGap);
  if (!hasGaps && copy === "solution") return notebook;
  return {
    ...notebook,
    cells: notebook.cells.map((cell) => {
      if (!isExercises(cell)) return cell;
      const source = sourceOf(cell);
      return withSource(
        cell,
        hasGaps
          ? introduced(source, introductions[copy])
          : source.replace(
              openAnswer,
              "The answers are in the copy with solutions.",
            ),
      );
    }),
  };
}

/** Replaces the text between the heading "Exercises" and the next heading. */
function introduced(source: string, introduction: string): string {
  const end = exercisesHeading.exec(source)!;
  const before = source.slice(0, end.index + end[0].length);
  const rest = source.slice(before.length);
  const next = rest.search(/^#{2,}\s/m);
  const after = next < 0 ? "" : `\n\n${rest.slice(next)}`;
  return `${before}\n\n${introduction}${after}`;
}

/** Returns the index of the first exercise or gap, or the number of cells if there is none. */
export function firstExercise({ cells }: Notebook): number {
  const index = cells.findIndex((cell) => isExercises(cell) || isGap(cell));
  return index < 0 ? cells.length : index;
}

function isExercises(cell: Cell): boolean {
  return cell.cell_type === "markdown" && exercisesHeading.test(sourceOf(cell));
}

function isGap(cell: Cell): boolean {
  return cell.cell_type === "code" && gap.test(sourceOf(cell));
}
