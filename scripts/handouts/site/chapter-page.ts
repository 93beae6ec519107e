/**
 * Writes the Markdown page of a notebook, around the HTML of its cells.
 */
import { siteLink, type SitePage } from "./pages";

/**
 * Returns a page for VitePress.
 *
 * Vue leaves the HTML as it is (`v-pre`), and so does Markdown, as it has no line breaks: those of
 * code become entities.
 *
 * @param html What `notebook_cells.py` wrote.
 * @param pages The pages of the site, to which links between files of the repository lead.
 */
export function chapterMarkdown(
  page: SitePage,
  title: string,
  html: string,
  pages: readonly SitePage[],
): string {
  const adapted = withAnchors(withSiteLinks(html, page, pages));
  return `---
title: ${JSON.stringify(title)}
pageClass: notebook-page
---

<div v-pre class="notebook"><div>${onOneLine(adapted)}</div></div>
`;
}

/** Replaces links to files of the repository; those that the site does not show become text. */
function withSiteLinks(
  html: string,
  page: SitePage,
  pages: readonly SitePage[],
): string {
  return html.replace(
    /<a\b([^>]*?)\shref="([^"]*)"([^>]*)>(.*?)<\/a>/gs,
    (whole, before: string, href: string, after: string, text: string) => {
      const link = siteLink(pages, page, href.replaceAll("&amp;", "&"));
      if (link === undefined) return text;
      return `<a${before} href="${link.replaceAll("&", "&amp;")}"${after}>${text}</a>`;
    },
  );
}

/** Gives headings the link by which VitePress's search finds sections. */
function withAnchors(html: string): string {
  return html.replace(
    /<h([1-6]) id="([^"]*)">(.*?)<\/h\1>/gs,
    (_, level: string, id: string, text: string) => {
      const name = text.replace(/<[^>]*>/g, "").replaceAll('"', "&quot;");
      return `<h${level} id="${id}" tabindex="-1">${text} <a class="header-anchor" tabindex="-1" href="#${id}" aria-label="Permalink to ${name}">&#8203;</a></h${level}>`;
    },
  );
}

/** A blank line would end Markdown's block of HTML. Line breaks matter in `pre` only. */
function onOneLine(html: string): string {
  return html
    .split(/(<pre\b[^>]*>.*?<\/pre>)/gs)
    .map((part, index) =>
      index % 2 === 1
        ? part.replaceAll("\n", "&#10;")
        : part.replace(/\s*\n\s*/g, " "),
    )
    .join("");
}
