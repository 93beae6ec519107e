/**
 * The book site: notebooks, documents and API reference as one web site, which needs no network.
 */
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import path from "node:path";
import type { Chapter, HandoutContext, HandoutStep } from "./handout";
import { notebookText, readNotebook } from "./notebook";
import { projectPython, root, runProgram } from "./program";
import { writeApiReference, type SidebarItem } from "./site/api-reference";
import { chapterFacts } from "./site/chapter-facts";
import { chapterMarkdown } from "./site/chapter-page";
import {
  copyImages,
  documentLinks,
  documentOverview,
  documentTitle,
} from "./site/documents";
import { withFoldedSolutions } from "./site/folded-solutions";
import { chapterPage, documentPages, type SitePage } from "./site/pages";
import { relocate } from "./site/relocate";
import { startPage, type ListedChapter } from "./site/start-page";

/** Which parts a site has besides its chapters; all by default. */
export interface SiteParts {
  /** The documents and the changes. */
  readonly documents?: boolean;
  /** The API reference, which takes as long as the rest. */
  readonly api?: boolean;
}

/** The step `site`: writes the folder `site`. */
export const site: HandoutStep = {
  name: "site",
  about:
    "a web site of all notebooks and documents, with search; needs no network",
  run: (context) => buildSite(context),
};

/**
 * Builds a site in `out/site`. A former one is replaced at the end.
 *
 * @returns The folder's name.
 * @throws Error With the code ERR_PROCESS if a program fails, for example because of a link that
 *   leads nowhere; the signal's reason if it was stopped.
 */
export async function buildSite(
  { chapters, out, log, signal }: HandoutContext,
  { documents = true, api = true }: SiteParts = {},
): Promise<readonly string[]> {
  mkdirSync(out, { recursive: true });
  const folder = mkdtempSync(path.join(out, ".site-"));
  try {
    const pages = path.join(folder, "pages");
    const figures = path.join(pages, "public", "figures");
    mkdirSync(figures, { recursive: true });
    const documentList = documents ? documentPages() : [];
    const all = [...chapters.map(chapterPage), ...documentList];

    log(`site: ${chapters.length} notebooks`);
    const listed = await writeChapters(chapters, all, folder, { log, signal });
    writeFileSync(path.join(pages, "index.md"), startPage(listed, all));
    const links = writeDocuments(documentList, all, pages);
    if (api) log("site: API reference");
    const reference = api ? await writeApiReference(pages, signal) : [];
    copyScripts(path.join(pages, "public"));
    writeFileSync(
      path.join(folder, "site.json"),
      JSON.stringify({
        title: "convnotes",
        description:
          "A course on convolutional neural networks in TypeScript and Jupyter",
        nav: navigation(documentList, reference),
        // Only pages of the reference list its members, which are many.
        sidebar: {
          "/": sidebar(listed, documentList, withoutItems(reference)),
          "/api/": sidebar(listed, documentList, reference),
        },
        links,
      }),
    );
    log("site: pages");
    await runProgram(
      process.execPath,
      [path.join(__dirname, "site", "build.mjs"), folder],
      signal,
    );
    relocate(path.join(folder, "site"));
    const target = path.join(out, "site");
    rmSync(target, { recursive: true, force: true });
    renameSync(path.join(folder, "site"), target);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  return ["site"];
}

/** Writes the pages and figures of the chapters, and returns what the start page lists. */
async function writeChapters(
  chapters: readonly Chapter[],
  pages: readonly SitePage[],
  folder: string,
  { log, signal }: Pick<HandoutContext, "log" | "signal">,
): Promise<ListedChapter[]> {
  const work = path.join(folder, "notebooks");
  mkdirSync(work);
  const notebooks = chapters.map(({ name, file }) => {
    const folded = path.join(work, `${name}.ipynb`);
    writeFileSync(
      folded,
      notebookText(withFoldedSolutions(readNotebook(file))),
    );
    return { name, file: folded, folder: path.dirname(file) };
  });
  const job = path.join(work, "job.json");
  const figures = path.join(folder, "pages", "public", "figures");
  writeFileSync(job, JSON.stringify({ notebooks, figures, out: work }));
  const remark = await runProgram(
    projectPython,
    [path.join(__dirname, "site", "notebook_cells.py"), job],
    signal,
  );
  if (remark.trim() !== "") log(`site: ${remark.trim()}`);
  return chapters.map((chapter) => {
    const page = chapterPage(chapter);
    const title = chapterTitle(chapter);
    const html = readFileSync(path.join(work, `${chapter.name}.html`), "utf8");
    writeFileSync(
      path.join(folder, "pages", `${page.path}.md`),
      chapterMarkdown(page, title, html, pages),
    );
    return { page, title, facts: chapterFacts(readNotebook(chapter.file)) };
  });
}

/** The title in lists: it begins with the lesson's or the lab's number. */
function chapterTitle({ name, kind, title }: Chapter): string {
  const number = /^(lesson|lab)-(\d+)$/.exec(name);
  if (kind === "extra" || number === null) return title;
  const label = `${kind === "lab" ? "Lab" : "Lesson"} ${number[2]}`;
  return title.startsWith(label) ? title : `${label}: ${title}`;
}

/** Copies the documents, and returns the links of each as on the site. */
function writeDocuments(
  documents: readonly SitePage[],
  all: readonly SitePage[],
  pages: string,
): Record<string, Record<string, string | null>> {
  const links: Record<string, Record<string, string | null>> = {};
  for (const page of documents) {
    const file = `${page.path}.md`;
    const source = readFileSync(path.join(root, page.source), "utf8");
    links[file] = {
      ...documentLinks(source, page, all),
      ...copyImages(source, page, path.join(pages, "public")),
    };
    mkdirSync(path.dirname(path.join(pages, file)), { recursive: true });
    writeFileSync(path.join(pages, file), source);
  }
  if (documents.length > 0)
    writeFileSync(
      path.join(pages, "docs", "index.md"),
      documentOverview(documents),
    );
  return links;
}

/** Copies what pages load when they show figures. */
function copyScripts(folder: string): void {
  cpSync(
    path.join(__dirname, "site", "theme", "figures.js"),
    path.join(folder, "figures.js"),
  );
  cpSync(
    require.resolve("plotly.js-cartesian-dist-min/plotly-cartesian.min.js"),
    path.join(folder, "plotly.js"),
  );
}

function navigation(
  documents: readonly SitePage[],
  reference: readonly SidebarItem[],
): { text: string; link: string; activeMatch?: string }[] {
  return [
    {
      text: "Course",
      link: "/",
      activeMatch: "^/(lesson|lab|gallery|techniques|index|$)",
    },
    ...(documents.length === 0
      ? []
      : [
          {
            text: "Documents",
            link: "/docs/index.html",
            activeMatch: "^/(docs|packages|changes)",
          },
        ]),
    ...(reference.length === 0
      ? []
      : [{ text: "API", link: "/api/index.html", activeMatch: "^/api/" }]),
  ];
}

function sidebar(
  chapters: readonly ListedChapter[],
  documents: readonly SitePage[],
  reference: readonly SidebarItem[],
): SidebarItem[] {
  return [
    {
      text: "Course",
      items: [
        { text: "Start", link: "/index.html" },
        ...chapters.map(({ page, title }) => ({
          text: title,
          link: `/${page.path}.html`,
        })),
      ],
    },
    ...(documents.length === 0
      ? []
      : [
          {
            // A group with a page is a link; without one, it would be a button within a button.
            text: "Documents",
            link: "/docs/index.html",
            collapsed: true,
            items: documents.map((page) => ({
              text: documentTitle(page),
              link: `/${page.path}.html`,
            })),
          },
        ]),
    ...(reference.length === 0
      ? []
      : [
          {
            text: "API reference",
            link: "/api/index.html",
            collapsed: true,
            items: reference,
          },
        ]),
  ];
}

function withoutItems(items: readonly SidebarItem[]): SidebarItem[] {
  return items.map(({ text, link }) => ({ text, ...(link && { link }) }));
}
