/**
 * Writes the start page: what the course is, for whom, where to begin, and its chapters in order.
 */
import type { ChapterFacts } from "./chapter-facts";
import { siteLink, type SitePage } from "./pages";

/** A chapter as the start page lists it. */
export interface ListedChapter {
  readonly page: SitePage;
  readonly title: string;
  readonly facts: ChapterFacts;
}

/** Returns the start page for VitePress. The chapters are in reading order. */
export function startPage(
  chapters: readonly ListedChapter[],
  pages: readonly SitePage[],
): string {
  const [first] = chapters;
  return `---
title: Start
outline: 2
pageClass: start-page
---

# Convolutional neural networks in TypeScript

This course teaches convolutional neural networks with notebooks that run in TypeScript. You compute
convolutions by hand, build networks for small images layer by layer, train them on one computer, and
learn to read their results with care.

**For whom?** For students who know the basics of TypeScript or JavaScript, and for teachers who use
it. Nothing has to be known about neural networks.

${first === undefined ? "" : `**Where to begin?** With [${first.title}](${first.page.path}.html). Each page ends with a link to the next one.`}

The pages show the notebooks as they were run, with their results. In JupyterLab you run and change
every cell yourself: \`npm run lab\` opens it.${hasPage(pages, "docs/teaching") ? " [Teaching](docs/teaching.md) is about tools for a class." : ""}

## Chapters

The order is the recommended one.

${chapters.map((chapter) => entry(chapter, pages)).join("\n")}

## How to read

- **Solutions** of exercises, hints and remarks about a lesson's source are folded. Try first, then
  open them.
- **Figures** of curves and bars answer to the pointer: they show values, and you can enlarge a part.
- **Search** (press \`/\`) looks in the text and the code of all pages.
`;
}

function entry(
  { page, title, facts }: ListedChapter,
  pages: readonly SitePage[],
): string {
  // The text is a notebook's, whose links are relative to its folder.
  const from = { path: "index", source: page.source };
  const inline = (text: string) => withChapterLinks(text, from, pages);
  const about = facts.topic ?? goals(facts.goals);
  const lines = [
    `### [${title}](${page.path}.html)`,
    ...(about === undefined ? [] : [inline(about)]),
    [
      ...(facts.time === undefined ? [] : [`**Time:** ${inline(facts.time)}`]),
      ...(facts.needs === undefined
        ? []
        : [`**You need:** ${inline(facts.needs)}`]),
    ].join("<br>\n"),
  ];
  return `${lines.join("\n\n")}\n`;
}

function goals(texts: readonly string[]): string | undefined {
  return texts.length === 0 ? undefined : `You will ${texts.join(", ")}.`;
}

function hasPage(pages: readonly SitePage[], path: string): boolean {
  return pages.some((page) => page.path === path);
}

/** Adapts links, and makes links of names of chapters such as "lesson 1". */
function withChapterLinks(
  text: string,
  from: SitePage,
  pages: readonly SitePage[],
): string {
  const linked = text.replace(
    /\[([^\]]*)\]\(([^)]*)\)/g,
    (_, name: string, href: string) => {
      const link = siteLink(pages, from, href);
      return link === undefined ? name : `[${name}](${link})`;
    },
  );
  return linked.replace(
    /\[[^\]]*\]\([^)]*\)|\b(lesson|lab) (\d)\b/gi,
    (whole, kind?: string, number?: string) => {
      const path = `${kind?.toLowerCase()}-${number}`;
      return kind !== undefined && hasPage(pages, path)
        ? `[${whole}](${path}.html)`
        : whole;
    },
  );
}
