/**
 * The start page of handouts: links to all that was made, by chapter.
 */
import { escapeHtml } from "../../src/notebook/html";
import { chapterNames } from "./chapters";
import type { Made } from "./staging";

/** A link of the page. */
interface Link {
  readonly href: string;
  readonly text: string;
}

/** Links of one kind, in a line. */
interface LinkLine {
  readonly label: string;
  readonly links: readonly Link[];
}

/** The lines of a chapter's links, and what each calls its files, by folder and ending. */
const chapterLinks: Readonly<Record<string, Readonly<Record<string, string>>>> =
  {
    "As it was run": {
      "pages .html": "Page",
      "pdf/a4 .pdf": "PDF, A4",
      "pdf/letter .pdf": "PDF, Letter",
      "slides .html": "Slides",
    },
    "With gaps": {
      "student .ipynb": "Notebook",
      "student .html": "Page",
    },
    "With solutions": {
      "solution .ipynb": "Notebook",
      "solution .html": "Page",
    },
  };

/** What the page calls files that belong to no chapter. */
const knownFiles: Readonly<Record<string, string>> = {
  "site/index.html": "The course as a website",
  "pdf/a4/book.pdf": "The course as a book: PDF, A4",
  "pdf/letter/book.pdf": "The course as a book: PDF, Letter",
  "convnotes-handouts.zip": "Everything in one file, for a learning platform",
  "README.txt": "What is what, and how to begin",
  LICENSE: "License of the texts and the code",
  "DATA-LICENSES.md": "Licenses of the images",
};

const styles = `
:root { color-scheme: light dark; --line: #c8ccd0; --link: #0a58a8; --quiet: #595959; --tint: #f6f8fa; --text: #1f2328; --ground: #ffffff; }
@media (prefers-color-scheme: dark) {
  :root { --line: #50565c; --link: #8ab4f8; --quiet: #b0b0b0; --tint: #1e2226; --text: #e6e6e6; --ground: #111315; }
}
body { margin: 0; background: var(--ground); color: var(--text); font: 1.0625rem/1.5 system-ui, sans-serif; }
main { max-width: 56rem; margin: 0 auto; padding: 1.5rem 1rem 4rem; }
h1 { margin: 0 0 0.5rem; font-size: 1.75rem; line-height: 1.25; }
h2 { margin: 2rem 0 0.75rem; font-size: 1.25rem; }
h3 { margin: 0; font-size: 1.0625rem; line-height: 1.35; }
p { margin: 0.25rem 0; }
ul { margin: 0; padding: 0; list-style: none; }
a { color: var(--link); }
.first a { display: block; margin: 0.5rem 0; padding: 0.75rem 1rem; border: 1px solid var(--line); border-radius: 6px; background: var(--tint); font-weight: 600; }
.chapters > li { padding: 0.75rem 0; border-top: 1px solid var(--line); }
.line { display: flex; flex-wrap: wrap; gap: 0 1.25rem; margin-top: 0.25rem; }
.label { flex: 0 0 8.5rem; color: var(--quiet); }
@media (max-width: 34rem) { .label { flex-basis: 100%; } }
.kind { color: var(--quiet); font-size: 0.9375rem; }
.hidden { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
`;

/**
 * Returns the start page. It needs no network and no script.
 *
 * @param made What is linked.
 * @param files The paths of all files, relative to the page, with "/".
 */
export function indexPage(
  made: readonly Made[],
  files: readonly string[],
): string {
  const all = made.flatMap(({ chapters }) => chapters);
  const chapters = chapterNames.flatMap((name) => {
    const chapter = all.find((each) => each.name === name);
    const lines = linesOf(name, files);
    return chapter === undefined || lines.length === 0
      ? []
      : [{ ...chapter, lines }];
  });
  const general = generalLinks(files);
  const courses = chapters.map(
    ({ name, title, lines }) => `<li>
<p class="kind">${escapeHtml(nameShown(name))}</p>
<h3>${escapeHtml(shortTitle(title, name))}</h3>
<ul>
${lines.map((line) => lineOf(line, name)).join("\n")}
</ul>
</li>`,
  );
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>convnotes: handouts</title>
<style>${styles}</style>
</head>
<body>
<main>
<h1>Convolutional neural networks in TypeScript</h1>
<p>Handouts of the course convnotes. Everything here works without a network.</p>
${general.length === 0 ? "" : `<ul class="first">\n${general.map((link) => `<li>${anchor(link)}</li>`).join("\n")}\n</ul>`}
${courses.length === 0 ? "" : `<h2>Lessons and labs, in reading order</h2>\n<ul class="chapters">\n${courses.join("\n")}\n</ul>`}
</main>
</body>
</html>
`;
}

/** Returns a chapter's name as people say it: "Lesson 1", "Lab 3", "Gallery". */
export function nameShown(name: string): string {
  const words = name.replace("-", " ");
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** Returns a title without the chapter's name before it, which stands above it. */
function shortTitle(title: string, name: string): string {
  const before = `${nameShown(name)}: `;
  if (!title.startsWith(before)) return title;
  const rest = title.slice(before.length);
  return rest.charAt(0).toUpperCase() + rest.slice(1);
}

function linesOf(name: string, files: readonly string[]): LinkLine[] {
  return Object.entries(chapterLinks).flatMap(([label, kinds]) => {
    const links = Object.entries(kinds).flatMap(([kind, text]) => {
      const [folder, ending] = kind.split(" ");
      const href = `${folder}/${name}${ending}`;
      return files.includes(href) ? [{ href, text }] : [];
    });
    return links.length === 0 ? [] : [{ label, links }];
  });
}

function lineOf({ label, links }: LinkLine, name: string): string {
  // A screen reader lists links without what stands beside them.
  const hidden = ` of ${nameShown(name)}, ${label.toLowerCase()}`;
  const anchors = links.map((link) => anchor(link, hidden));
  return `<li class="line"><span class="label">${label}</span> ${anchors.join("\n")}</li>`;
}

/** Returns the links to what belongs to no chapter. */
function generalLinks(files: readonly string[]): Link[] {
  return Object.entries(knownFiles).flatMap(([href, text]) =>
    files.includes(href) ? [{ href, text }] : [],
  );
}

function anchor({ href, text }: Link, hidden = ""): string {
  const more =
    hidden === "" ? "" : `<span class="hidden">${escapeHtml(hidden)}</span>`;
  return `<a href="${escapeHtml(href)}">${escapeHtml(text)}${more}</a>`;
}
