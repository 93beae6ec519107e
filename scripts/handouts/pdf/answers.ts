/**
 * Moves the answers of a chapter's exercises to its end, under "Answers".
 *
 * An answer is a folded part whose summary is "Answer" or "Answers", a solution between the marks
 * `// BEGIN SOLUTION` and `// END SOLUTION`, or a Markdown cell with points. The exercise keeps the
 * gap of the student's copy and a reference, which `paper/prepare.js` turns into a link.
 */
import { coded } from "../../../src/notebook/coded-error";
import { solutionCopy, studentCopy } from "../lab-copies";
import { sourceOf, withSource, type Cell, type Notebook } from "../notebook";

/** The answers of one exercise. */
interface Exercise {
  /** The heading of the exercise, in Markdown. */
  readonly heading: string;
  /** Its number in the chapter, from 1. */
  readonly number: number;
  readonly answers: Cell[];
}

const opening = /^\s*<details>\s*<summary>Answers?<\/summary>/;

/**
 * Returns the notebook with its answers at the end. One without answers stays as it is.
 *
 * @throws Error If a folded answer or a solution has no end.
 */
export function withAnswersAtEnd(notebook: Notebook): Notebook {
  const exercises: Exercise[] = [];
  let heading = "Exercises";
  let current: Exercise | undefined;
  const exercise = () => {
    if (current === undefined) {
      current = { heading, number: exercises.length + 1, answers: [] };
      exercises.push(current);
    }
    return current;
  };
  const onHeading = (text: string) => {
    heading = text;
    current = undefined;
  };

  const students = studentCopy(notebook);
  const solutions = solutionCopy(notebook);
  const cells = notebook.cells.flatMap((cell, index): Cell[] => {
    const source = sourceOf(cell);
    if (cell.cell_type === "code") {
      const solution = solutions.cells[index]!;
      if (sourceOf(solution) === source) return [cell];
      const { number, answers } = exercise();
      answers.push({ ...solution, id: `${cell.id}-solution` });
      return [students.cells[index]!, reference("answer", number, cell.id)];
    }
    if (cell.cell_type !== "markdown") return [cell];
    const { grade = false, solution = false } = cell.metadata.nbgrader ?? {};
    if (grade && solution) {
      const { number, answers } = exercise();
      answers.push(markdown(`${cell.id}-solution`, source));
      return [
        withSource(cell, "*Your answer:*"),
        reference("answer", number, cell.id),
      ];
    }
    const text = withoutAnswers(source, onHeading, (answer) => {
      const { number, answers } = exercise();
      answers.push(markdown(`${cell.id}-answer-${answers.length}`, answer));
      return referenceText("answer", number);
    });
    return [text === source ? cell : withSource(cell, text)];
  });
  if (exercises.length === 0) return notebook;
  return { ...notebook, cells: [...cells, ...answerCells(exercises)] };
}

/** The section at the end of a chapter. */
function answerCells(exercises: readonly Exercise[]): Cell[] {
  return [
    markdown("paper-answers", "## Answers"),
    ...exercises.flatMap(({ heading, number, answers }) => [
      markdown(
        `paper-answer-${number}`,
        `### ${heading}\n\n${referenceText("exercise", number)}`,
      ),
      ...answers,
    ]),
  ];
}

/**
 * Replaces the folded answers of a Markdown text.
 *
 * @param onHeading Is called with each heading before the answers that follow it.
 * @param replace Gets the content of an answer, and returns what takes its place.
 * @throws Error ERR_FILE_FORMAT If an answer is not closed.
 */
export function withoutAnswers(
  source: string,
  onHeading: (text: string) => void,
  replace: (answer: string) => string,
): string {
  const result: string[] = [];
  let isCode = false;
  let depth = 0;
  let answer: string[] = [];
  for (const line of source.split("\n")) {
    if (depth === 0) {
      if (/^\s*```/.test(line)) isCode = !isCode;
      const heading = isCode ? null : /^#{1,6}\s+(.*)$/.exec(line);
      if (heading) onHeading(heading[1]!.trim());
      if (isCode || !opening.test(line)) {
        result.push(line);
        continue;
      }
      answer = [];
    }
    depth += line.split("<details").length - line.split("</details>").length;
    answer.push(line);
    if (depth > 0) continue;
    depth = 0;
    const content = answer
      .join("\n")
      .replace(opening, "")
      .replace(/<\/details>\s*$/, "");
    result.push(replace(content.trim()));
  }
  if (depth > 0) {
    throw coded(
      "ERR_FILE_FORMAT",
      new Error(
        `Expected every folded answer to end with </details>, received one without: ${answer[0]}`,
      ),
    );
  }
  return result.join("\n");
}

function reference(to: "answer" | "exercise", number: number, id: string) {
  return markdown(`${id}-reference`, referenceText(to, number));
}

function referenceText(to: "answer" | "exercise", number: number): string {
  return `<p class="paper-to-${to}" data-answer="${number}"></p>`;
}

function markdown(id: string, source: string): Cell {
  return withSource(
    { cell_type: "markdown", id: id.slice(-64), metadata: {}, source: "" },
    source,
  );
}
