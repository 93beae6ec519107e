/**
 * Moves the answers of a chapter's exercises to its end, under "Answers".
 *
 * An answer is a folded part whose summary is "Answer" or "Answers", a solution between the marks
 * `// BEGIN SOLUTION` and `// END SOLUTION`, or a Markdown cell with points. The exercise keeps the
 * gap of the student's copy and a reference, which `paper/prepare.js` turns into a link.
 */
import { foldedAnswers } from "../folded-answers";
import { cellsWithGaps } from "../gaps";
import { withoutCode } from "../markdown-code";
import { sourceOf, withSource, type Cell, type Notebook } from "../notebook";

/** The answers of one exercise. */
interface Exercise {
  /** The heading of the exercise, in Markdown. */
  readonly heading: string;
  /** Its number in the chapter, from 1. */
  readonly number: number;
  readonly answers: Cell[];
}

/**
 * Returns the notebook with its answers at the end. One without answers stays as it is.
 *
 * @throws Error `ERR_FILE_FORMAT` if a folded answer or a solution has no end.
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

  const cells = cellsWithGaps(notebook).flatMap(({ cell, gap }): Cell[] => {
    if (gap !== undefined) {
      const isCode = cell.cell_type === "code";
      const { number, answers } = exercise();
      const id = `${cell.id}-solution`;
      answers.push(
        isCode ? { ...gap.solved, id } : markdown(id, sourceOf(gap.solved)),
      );
      return [
        isCode ? gap.open : withSource(cell, "*Your answer:*"),
        reference("answer", number, cell.id),
      ];
    }
    if (cell.cell_type !== "markdown") return [cell];
    const source = sourceOf(cell);
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
 * @throws Error `ERR_FILE_FORMAT` if an answer is not closed.
 */
export function withoutAnswers(
  source: string,
  onHeading: (text: string) => void,
  replace: (answer: string) => string,
): string {
  const readable = withoutCode(source);
  let result = "";
  let from = 0;
  const skipTo = (end: number) => {
    for (const { index, 0: line } of readable
      .slice(from, end)
      .matchAll(/^#{1,6}\s.*$/gm)) {
      const written = source.slice(from + index, from + index + line.length);
      onHeading(written.replace(/^#+/, "").trim());
    }
    result += source.slice(from, end);
  };
  for (const { start, end, content } of foldedAnswers(source)) {
    skipTo(start);
    result += replace(content);
    from = end;
  }
  skipTo(source.length);
  return result;
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
