/**
 * Where the notebooks explain and treat the terms of the glossary.
 *
 * The convention of the notebooks: bold without a closing punctuation mark is a term, at the place
 * where it is explained. Bold with a punctuation mark or a number is a heading within a paragraph.
 */
import type { Entry } from "./entries";
import type { Section } from "./sections";

/** Labels in bold in the first cell of every notebook. */
const labels = new Set(["You need", "Time", "You will"]);

/** A bold text of a section that is no entry of the glossary. */
export interface Stray {
  readonly section: Section;
  readonly text: string;
}

/**
 * Returns the section that explains a term: the first one in reading order in which it is bold, or
 * which has it as its heading. Labs explain only what is bold.
 */
export function explanationOf(
  entry: Entry,
  sections: readonly Section[],
): Section | undefined {
  const whole = formsPattern([entry.term], "^", "$");
  const any = formsPattern(formsOf(entry), "^", "$");
  return sections.find(
    (section) =>
      boldTerms(section).some((text) => any.test(text)) ||
      (!section.notebook.startsWith("labs/") && whole.test(topic(section))),
  );
}

/**
 * Returns the sections that treat a term, in reading order: those in which it is bold, is in the
 * heading, or is mentioned at least three times and at least 0.4 times as often as in the section
 * that mentions it most. Longer terms that contain it do not count: "residual unit" is no mention
 * of "unit".
 *
 * @param entries All entries of the glossary.
 */
export function placesOf(
  entry: Entry,
  entries: readonly Entry[],
  sections: readonly Section[],
): Section[] {
  const forms = formsOf(entry);
  const whole = formsPattern(forms, "^", "$");
  const within = wordsPattern(forms);
  const longer = entries
    .filter((other) => other !== entry)
    .flatMap(formsOf)
    .filter((form) => within.test(form));
  const without = (text: string) =>
    longer.length === 0 ? text : text.split(wordsPattern(longer)).join(" ");
  const chosen = sections.filter(isIndexed);
  const counts = chosen.map(
    ({ text }) => without(body(text)).split(within).length - 1,
  );
  const least = Math.max(3, 0.4 * Math.max(...counts));
  return chosen.filter(
    (section, index) =>
      boldTerms(section).some((text) => whole.test(text)) ||
      within.test(without(topic(section))) ||
      counts[index]! >= least,
  );
}

/** Returns the bold texts that are neither terms nor headings within a paragraph. */
export function strayTerms(
  entries: readonly Entry[],
  sections: readonly Section[],
): Stray[] {
  const known = formsPattern(entries.flatMap(formsOf), "^", "$");
  return sections.flatMap((section) =>
    boldTerms(section)
      .filter((text) => !known.test(text))
      .map((text) => ({ section, text })),
  );
}

const formsOf = ({ term, others }: Entry) => [term, ...others];

/** Whether a section is listed in the index: exercises, summaries and results are not. */
function isIndexed({ heading }: Section): boolean {
  return !/^(?:Exercises?\b|Summary$|Objectives$|The results? of this run$)/.test(
    heading,
  );
}

/** Returns a heading without a number such as that of a step. */
function topic({ heading }: Section): string {
  return heading.replace(/^(?:Lesson|Lab|Step|Exercise) \d+: /, "");
}

/** Returns the text without numbers such as "**Step 1:**". */
const body = (text: string) => text.replace(/\*\*Step \d+:\*\*/g, "");

/** Returns the bold texts of a section that stand for terms. */
function boldTerms({ text }: Section): string[] {
  return [...text.matchAll(/\*\*(.+?)\*\*/gs)]
    .map(([, bold]) => bold!.replace(/\s+/g, " "))
    .filter((bold) => !/[.:?!]$|^\d+\. /.test(bold) && !labels.has(bold));
}

/** Returns a pattern of words anywhere in a text, in singular and plural. */
function wordsPattern(forms: readonly string[]): RegExp {
  return formsPattern(forms, "(?<![\\p{L}\\d-])", "(?![\\p{L}\\d])");
}

/** Returns a pattern of words in singular and plural, with spaces or hyphens in between. */
function formsPattern(
  forms: readonly string[],
  before: string,
  after: string,
): RegExp {
  const alternatives = forms.map((form) =>
    form
      .replace(/^to /, "")
      .replace(/(?<![asu])s$/, "")
      .split(/[\s-]+/)
      .map((word) => word.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"))
      .join("[\\s-]+"),
  );
  return new RegExp(
    `${before}(?:the )?(?:${alternatives.join("|")})(?:e?s)?${after}`,
    "iu",
  );
}
