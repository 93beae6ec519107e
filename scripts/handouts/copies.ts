/**
 * The step `copies`: a student's and a solution copy of each notebook, as notebook and as page.
 */
import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { firstExercise, withIntroduction, withoutAnswers } from "./answers";
import { stateOf } from "./chapters";
import { exportPages, type PageSource } from "./export-pages";
import type { Chapter, HandoutStep } from "./handout";
import { solutionCopy, studentCopy } from "./lab-copies";
import { withLinks } from "./links";
import { notebookText, readNotebook, type Notebook } from "./notebook";
import { throwIfStopped } from "./program";

/** What one kind of copy consists of. */
interface Copy {
  readonly label: string;
  /** The notebook that is handed out. */
  readonly notebook: (source: Notebook) => Notebook;
  /** The notebook whose page is handed out. */
  readonly page: (source: Notebook) => Notebook;
}

const copyKinds: Readonly<Record<"student" | "solution", Copy>> = {
  student: {
    label: "Student copy",
    notebook: studentNotebook,
    page: studentPage,
  },
  solution: {
    label: "Copy with solutions",
    notebook: solutionNotebook,
    page: solutionNotebook,
  },
};

/** Makes `student/lesson-1.ipynb`, `student/lesson-1.html`, `solution/lesson-1.ipynb` and so on. */
export const copies: HandoutStep = {
  name: "copies",
  about: "each notebook for students, with gaps, and with solutions",
  takesOpenNotebooks: true,
  run: async (context) => {
    const files: string[] = [];
    for (const [folder, copy] of Object.entries(copyKinds)) {
      throwIfStopped(context.signal);
      const sources = context.chapters.map((chapter) => ({
        chapter,
        source: readNotebook(chapter.file),
      }));
      const names = context.chapters.map(({ name }) => name);
      mkdirSync(path.join(context.out, folder), { recursive: true });
      for (const { chapter, source } of sources) {
        const file = `${folder}/${chapter.name}.ipynb`;
        const notebook = withLinks(copy.notebook(source), names, ".ipynb");
        writeFileSync(path.join(context.out, file), notebookText(notebook));
        files.push(file);
      }
      const pages = sources.flatMap(({ chapter, source }) =>
        pageOf(chapter, source, copy),
      );
      files.push(...(await exportPages(pages, folder, context)));
    }
    return files;
  },
};

/**
 * Returns the student's copy of a notebook: gaps in place of solutions, no answers, no outputs.
 *
 * @throws Error If a solution begins or ends without its counterpart.
 */
export function studentNotebook(source: Notebook): Notebook {
  const copy = withoutAnswers(withIntroduction(source, "student"));
  return titled(studentCopy(copy), "student copy");
}

/**
 * Returns the notebook of the student's page: the student's copy, with the outputs of the cells
 * before the first exercise. What comes after it depends on the student's code.
 *
 * @throws Error If a solution begins or ends without its counterpart.
 */
export function studentPage(source: Notebook): Notebook {
  const copy = studentNotebook(source);
  const ran = new Map(
    source.cells.slice(0, firstExercise(source)).map((cell) => [cell.id, cell]),
  );
  return {
    ...copy,
    cells: copy.cells.map((cell) => {
      const { outputs, execution_count: count } = ran.get(cell.id) ?? {};
      if (cell.cell_type !== "code" || outputs === undefined) return cell;
      return { ...cell, outputs, execution_count: count ?? null };
    }),
  };
}

/**
 * Returns the copy with solutions: solutions without their marks, answers, outputs.
 *
 * @throws Error If a solution begins or ends without its counterpart.
 */
export function solutionNotebook(source: Notebook): Notebook {
  const copy = solutionCopy(withIntroduction(source, "solution"));
  return titled(copy, "with solutions");
}

/** Says in the title which copy it is: both have the same name in different folders. */
function titled(notebook: Notebook, which: string): Notebook {
  const { title } = notebook.metadata;
  if (typeof title !== "string") return notebook;
  const metadata = { ...notebook.metadata, title: `${title} (${which})` };
  return { ...notebook, metadata };
}

/**
 * Returns the source of a copy's page. The text of a lesson is about the figures of its run, so
 * there is no page of a lesson without outputs. That of a lab is about what to write.
 */
function pageOf(chapter: Chapter, source: Notebook, copy: Copy): PageSource[] {
  const isOpen = stateOf(source) !== "executed";
  if (isOpen && chapter.kind !== "lab") return [];
  return [
    {
      chapter,
      notebook: copy.page(source),
      label:
        isOpen && copy === copyKinds.solution
          ? `${copy.label}, not run`
          : copy.label,
      download: `${chapter.name}.ipynb`,
    },
  ];
}
