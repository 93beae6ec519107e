/**
 * Writes the places into `docs/glossary.md`: the end of each entry, and the index.
 */
import { readFileSync } from "node:fs";
import path from "node:path";
import { format, resolveConfig } from "prettier";
import { coded } from "../../src/notebook/coded-error";
import { isEntry, paragraphsOf, parseEntry, type Entry } from "./entries";
import { explanationOf, placesOf } from "./places";
import type { Section } from "./sections";

/** Path of the glossary below the project's root folder. */
export const glossaryFile = path.join("docs", "glossary.md");

const indexHeading = "## Index";

/** Returns the text of the glossary in the project's root folder. */
export function readGlossary(root: string): string {
  return readFileSync(path.join(root, glossaryFile), "utf8");
}

/**
 * Returns the glossary with the places of today's notebooks, formatted.
 *
 * @param root The project's root folder, for Prettier's settings.
 * @param markdown The glossary: entries, and a heading "Index" as its last one.
 * @param sections Those of all notebooks, in reading order.
 * @throws Error `ERR_FILE_FORMAT` if there is no index or an entry has another form;
 *   `ERR_UNKNOWN_NAME` if no notebook explains a term.
 */
export async function withPlaces(
  root: string,
  markdown: string,
  sections: readonly Section[],
): Promise<string> {
  const [body, ...rest] = markdown.split(`\n${indexHeading}\n`);
  if (body === undefined || rest.length !== 1) {
    throw coded(
      "ERR_FILE_FORMAT",
      new Error(
        `Expected one heading "${indexHeading}", received ${rest.length}`,
      ),
    );
  }
  const [introduction = ""] = paragraphsOf(rest[0]!.trim());
  const entries: Entry[] = [];
  const paragraphs = paragraphsOf(body).map((paragraph) => {
    if (!isEntry(paragraph)) return paragraph;
    const entry = parseEntry(paragraph);
    entries.push(entry);
    return entryMarkdown(entry, sections);
  });
  const index = entries
    .map((entry) => indexLine(entry, entries, sections))
    .join("\n");
  const text = [...paragraphs, indexHeading, introduction, index].join("\n\n");
  const file = path.join(root, glossaryFile);
  return format(text, { ...(await resolveConfig(file)), filepath: file });
}

function entryMarkdown(entry: Entry, sections: readonly Section[]): string {
  const { anchor, term, remark, definition } = entry;
  const place = explanationOf(entry, sections);
  if (place === undefined) {
    throw coded(
      "ERR_UNKNOWN_NAME",
      new Error(
        `Expected a notebook that explains "${term}" in bold, received none`,
      ),
    );
  }
  const see = `[${notebookName(place)}: ${place.heading}](${addressOf(place)})`;
  return `<a id="${anchor}"></a>**${term}**${remark}: ${definition} See ${see}.`;
}

/** Returns a line such as "- [bias](#bias): lesson 1 [What …](…); lesson 3 [A small …](…)". */
function indexLine(
  entry: Entry,
  entries: readonly Entry[],
  sections: readonly Section[],
): string {
  const links = new Map<string, string[]>();
  for (const place of placesOf(entry, entries, sections)) {
    const name = notebookName(place);
    const link = `[${place.heading}](${addressOf(place)})`;
    links.set(name, [...(links.get(name) ?? []), link]);
  }
  const groups = [...links].map(([name, of]) => `${name} ${of.join(", ")}`);
  return `- [${entry.term}](#${entry.anchor}): ${groups.join("; ")}`;
}

/** Returns a notebook's name in a sentence: "lesson 1", "lab 2", "gallery". */
export function notebookName({ notebook }: Section): string {
  return path.basename(notebook).replace("-", " ");
}

/** Returns the address of a section, relative to `docs/`. */
export function addressOf({ notebook, id }: Section): string {
  // Markdown would end the link at one of these, and encodeURIComponent keeps parentheses.
  const fragment = id.replace(
    /[()<>]/g,
    (mark) => `%${mark.charCodeAt(0).toString(16)}`,
  );
  return `../notebooks/${notebook}.ipynb#${fragment}`;
}
