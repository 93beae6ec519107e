/**
 * The whole course as one document: title page, contents, chapters.
 */
import { escapeHtml } from "../../../src/notebook/html";
import type { ChapterSection } from "./chapter-section";
import type { PageRun, PaperFormat } from "./paper-format";
import { withLinksInside, type PaperDocument } from "./print-document";

/** The title of the book. */
export const bookTitle = "Convolutional Neural Networks in TypeScript";

const kinds = { lesson: "lessons", lab: "labs", extra: "further chapters" };

/**
 * Joins chapters to a book.
 *
 * Chapters begin on a new page and have CSS pages of their own, for the running heads.
 */
export function book(
  sections: readonly ChapterSection[],
  format: PaperFormat,
): PaperDocument {
  const rules = sections.map(
    ({ chapter: { name } }) =>
      `#${name} { page: paper-${name}; break-before: page; }`,
  );
  const runs: PageRun[] = [
    { name: "paper-title", head: null },
    { name: "paper-contents", head: "Contents" },
    ...sections.map(({ chapter: { name, title } }) => ({
      name: `paper-${name}`,
      head: title,
    })),
  ];
  return {
    title: bookTitle,
    html: [
      titlePage(sections, format),
      contents(sections),
      ...sections.map(({ html }) => withLinksInside(html)),
    ].join("\n"),
    styles: [
      ...sections.flatMap(({ styles }) => styles),
      [
        ".paper-title { page: paper-title; }",
        ".paper-contents { page: paper-contents; break-before: page; }",
        ...rules,
      ].join("\n"),
    ],
    runs,
  };
}

function titlePage(
  sections: readonly ChapterSection[],
  { title }: PaperFormat,
): string {
  const parts = Object.entries(kinds).flatMap(([kind, words]) => {
    const count = sections.filter(
      ({ chapter }) => chapter.kind === kind,
    ).length;
    return count === 0 ? [] : [`${count} ${words}`];
  });
  return `<section class="paper-title">
<h1>${bookTitle}</h1>
<p>The notebooks of the course, with the outputs of a run: ${parts.join(", ")}. Answers are at the end of each chapter.</p>
<p>convnotes, printed for ${title} paper</p>
</section>`;
}

/** Chapters and their sections with page numbers, which printing fills in. */
function contents(sections: readonly ChapterSection[]): string {
  const entries = sections.map(({ chapter, headings }) => {
    const inner = headings
      .filter(({ level }) => level === 2)
      .map(({ id, text }) => `<li>${entry(id, text)}</li>`);
    const list = inner.length === 0 ? "" : `<ul>${inner.join("")}</ul>`;
    return `<li>${entry(chapter.name, chapter.title)}${list}</li>`;
  });
  return `<section class="paper-contents">
<h1>Contents</h1>
<ul>${entries.join("\n")}</ul>
</section>`;
}

function entry(id: string, text: string): string {
  return `<a href="#${escapeHtml(id)}">${escapeHtml(text)} <span class="paper-page-number">000</span></a>`;
}
