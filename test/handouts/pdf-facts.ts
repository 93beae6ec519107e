/**
 * Prints chapters as PDF, and reads what the tests check.
 */
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import path from "node:path";
import type { Chapter } from "../../scripts/handouts/handout";
import { readNotebook, sourceOf } from "../../scripts/handouts/notebook";
import { printAll } from "../../scripts/handouts/pdf";
import { paperFormats } from "../../scripts/handouts/pdf/paper-format";
import { python, root } from "../lessons/notebook-file";

/** Something that a page shows, with its box in points from the lower left. */
interface Painted {
  readonly kind: "text" | "image";
  readonly box: readonly [number, number, number, number];
  readonly artifact: boolean;
}

/** What a PDF says about itself; pdf_facts.py reads it. */
export interface PdfFacts {
  readonly language: string | null;
  readonly marked: boolean;
  readonly showsTitle: boolean;
  readonly title: string;
  /** How much is painted that is neither tagged nor an artifact. */
  readonly untagged: number;
  readonly pages: readonly {
    readonly size: readonly [number, number];
    readonly text: string;
    readonly painted: readonly Painted[];
  }[];
  readonly outline: readonly {
    readonly title: string;
    readonly level: number;
    readonly tag: string | null;
    readonly page: number;
    readonly top: number;
  }[];
  readonly tags: Readonly<Record<string, number>>;
  readonly figures: readonly (string | null)[];
  readonly formulas: readonly (string | null)[];
  readonly tables: readonly (readonly string[])[];
  readonly items: readonly (readonly string[])[];
  readonly links: readonly { readonly contents: string; readonly to: string }[];
}

/** The chapter of a stored notebook, by its path below notebooks/ without ending. */
export function storedChapter(name: string): Chapter {
  const file = path.join(root, "notebooks", `${name}.ipynb`);
  const first = sourceOf(readNotebook(file).cells[0]!).split("\n")[0]!;
  return {
    name: path.basename(name),
    file,
    kind: name.startsWith("labs/")
      ? "lab"
      : name.startsWith("lesson")
        ? "lesson"
        : "extra",
    title: first.replace(/^#\s*/, "").replace(/[`*]/g, ""),
  };
}

/** Prints chapters into a folder, and returns the paths below it. */
export function printed(
  chapters: readonly Chapter[],
  out: string,
  formats: readonly ("a4" | "letter")[],
): Promise<string[]> {
  return printAll(
    {
      chapters,
      out,
      log: () => undefined,
      signal: new AbortController().signal,
    },
    paperFormats.filter(({ name }) => formats.includes(name)),
  );
}

/** Reads a PDF. */
export function pdfFacts(file: string): PdfFacts {
  const program = path.join(root, "test", "handouts", "pdf_facts.py");
  return JSON.parse(
    execFileSync(python, [program, file], {
      encoding: "utf8",
      maxBuffer: 512 * 1024 * 1024,
    }),
  ) as PdfFacts;
}

/** The headings of a stored notebook, as Markdown without marks. */
export function headingsOf(file: string): string[] {
  const { cells } = JSON.parse(readFileSync(file, "utf8")) as {
    cells: { cell_type: string; source: string | string[] }[];
  };
  return cells
    .filter(({ cell_type }) => cell_type === "markdown")
    .flatMap(({ source }) =>
      [source]
        .flat()
        .join("")
        .replace(/```[\s\S]*?```/g, "")
        .split("\n"),
    )
    .flatMap((line) => /^#{1,6}\s+(.*)$/.exec(line)?.[1] ?? [])
    .map((text) => text.replace(/[`*$]/g, "").trim());
}
