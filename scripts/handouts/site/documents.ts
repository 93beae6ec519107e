/**
 * Documents of the repository on the site: their titles and links.
 */
import { cpSync, readFileSync } from "node:fs";
import path from "node:path";
import { root } from "../program";
import { siteLink, type SitePage } from "./pages";

/** Returns the first heading of a document, without Markdown. */
export function documentTitle(page: SitePage): string {
  const source = readFileSync(path.join(root, page.source), "utf8");
  const title = /^# (.*)$/m.exec(source)?.[1] ?? page.path;
  return title.replaceAll("`", "");
}

/**
 * Returns the links of a document, as written and as on the site; null for files of the repository
 * that the site does not show.
 */
export function documentLinks(
  source: string,
  page: SitePage,
  pages: readonly SitePage[],
): Record<string, string | null> {
  const written = [
    ...source.matchAll(/\]\(([^)\s]+)\)|^\[[^\]]+\]:\s*(\S+)/gm),
  ].map(([, inline, reference]) => inline ?? reference!);
  return Object.fromEntries(
    written.map((href) => [href, siteLink(pages, page, href) ?? null]),
  );
}

/** Copies the images of a document to `public/images/`, and returns their places on the site. */
export function copyImages(
  source: string,
  page: SitePage,
  publicFolder: string,
): Record<string, string> {
  const places: Record<string, string> = {};
  for (const [, href] of source.matchAll(/!\[[^\]]*\]\(([^)\s:]+)\)/g)) {
    const file = path.posix.join(path.posix.dirname(page.source), href!);
    const copy = `images/${file.replaceAll("/", "-")}`;
    cpSync(path.join(root, file), path.join(publicFolder, copy));
    places[href!] = path.posix.relative(path.posix.dirname(page.path), copy);
  }
  return places;
}

/** Returns a page for VitePress in docs/ that lists the documents. */
export function documentOverview(documents: readonly SitePage[]): string {
  const entries = documents.map((page) => {
    const folder = path.posix.relative("docs", page.path);
    return `- [${documentTitle(page)}](${folder}.html)`;
  });
  return `# Documents

About the course's tools, its library and its kernel.

${entries.join("\n")}
`;
}
