/**
 * Where the pages of the site are, and which files of the repository they show.
 */
import { existsSync, readdirSync } from "node:fs";
import path from "node:path";
import { readingOrder, type Chapter } from "../handout";
import { root } from "../program";

/** A page of the site that shows a file of the repository. */
export interface SitePage {
  /** Path below the site, without ending, such as "docs/kernel". */
  readonly path: string;
  /** Path of the file in the repository, such as "docs/kernel.md". */
  readonly source: string;
}

/** The page of a chapter: at the top of the site, where `figures/` is. */
export function chapterPage({ name }: Chapter): SitePage {
  const below = readingOrder.find((each) => path.posix.basename(each) === name);
  return { path: name, source: `notebooks/${below ?? name}.ipynb` };
}

/** The README files of the packages and the changes, with their pages. */
const others: readonly SitePage[] = [
  { path: "packages/convnotes", source: "src/README.md" },
  { path: "packages/kernel", source: "kernel/README.md" },
  { path: "packages/engine", source: "src/engine/README.md" },
  { path: "packages/notebook", source: "src/notebook/README.md" },
  { path: "changes", source: "CHANGELOG.md" },
];

/** The order of documents in the sidebar; others follow in alphabetical order. */
const firstDocuments = [
  "teaching",
  "handouts",
  "data",
  "results",
  "kernel",
  "engine",
];

/** The pages of the documents: docs/, then the packages, then the changes. */
export function documentPages(): SitePage[] {
  const names = readdirSync(path.join(root, "docs"))
    .filter((name) => name.endsWith(".md"))
    .map((name) => path.basename(name, ".md"))
    .sort();
  const ordered = new Set([
    ...firstDocuments.filter((name) => names.includes(name)),
    ...names,
  ]);
  const documents = [...ordered].map((name) => ({
    path: `docs/${name}`,
    source: `docs/${name}.md`,
  }));
  return [...documents, ...others];
}

/**
 * Finds the place on the site of what a file of the repository links to.
 *
 * @param from The page with the link.
 * @param href The link as written, relative to the page's source.
 * @returns The link on the site; the same text for links to other hosts and within the page;
 *   undefined for a file of the repository that the site does not show.
 */
export function siteLink(
  pages: readonly SitePage[],
  from: SitePage,
  href: string,
): string | undefined {
  if (/^([a-z][a-z+.-]*:|#|\/\/)/i.test(href)) return href;
  const [, file, rest] = /^([^?#]*)(.*)$/.exec(href)!;
  const target = path.posix.join(
    path.posix.dirname(from.source),
    decodeURIComponent(file!),
  );
  const page = pages.find(({ source }) => source === target);
  if (page !== undefined) {
    const folder = path.posix.dirname(from.path);
    return `${path.posix.relative(folder, page.path)}.html${rest}`;
  }
  // What does not exist stays, so that the check of dead links finds it.
  return existsSync(path.join(root, target)) ? undefined : href;
}
