/**
 * What the first cell of a notebook says about it: topic, time, what a reader needs.
 */
import { sourceOf, type Notebook } from "../notebook";

/** Facts of a chapter, as Markdown within a line. What the cell does not state is missing. */
export interface ChapterFacts {
  /** The first paragraph before these needs, without bold words at its beginning. */
  readonly topic?: string;
  /** The time to read, such as "45 minutes to read and try, 40 for the exercises". */
  readonly time?: string;
  /** What a reader needs, such as "lesson 1 and lab 3". */
  readonly needs?: string;
  /** What a reader will do, the entries of the list below "You will". */
  readonly goals: readonly string[];
}

/**
 * Reads the facts of a notebook out of its first cell.
 *
 * The cell has a heading and paragraphs. Those of interest begin with **You need**, **Time** and
 * **You will**, or contain a sentence such as "About 10 minutes."
 */
export function chapterFacts(notebook: Notebook): ChapterFacts {
  const first = notebook.cells[0];
  const source =
    first?.cell_type === "markdown"
      ? sourceOf(first).split(/^<details/m)[0]!
      : "";
  const paragraphs = source
    .split(/\n\s*\n/)
    .map((text) => text.trim().replace(/\n(?![*-] )/g, " "))
    .filter((text) => text !== "" && !text.startsWith("#"));
  const facts: { topic?: string; time?: string; needs?: string } = {};
  let goals: string[] = [];
  for (const [index, text] of paragraphs.entries()) {
    const needs = /\*\*You need\*\*:?\s*(.*?)\s*(?=\*\*Time|$)/.exec(text);
    const time =
      /\*\*Time:?\*\*:?\s*([^.;]*)/.exec(text) ??
      /(?:^|\. )(About \d+ minutes)\b/.exec(text);
    if (needs !== null) facts.needs ??= withoutPeriod(needs[1]!);
    if (time !== null) facts.time ??= inLowerCase(time[1]!.trim());
    if (/^\*\*You will\*\*/.test(text)) goals = listed(paragraphs[index + 1]);
    const isTopic =
      facts.needs === undefined && time === null && !/^[*-] /.test(text);
    if (isTopic) facts.topic ??= text.replace(/^\*\*.*?\*\*\s*/, "");
  }
  return { ...facts, goals };
}

function listed(text = ""): string[] {
  return text
    .split(/\n/)
    .filter((line) => /^[*-] /.test(line))
    .map((line) => line.slice(2).replace(/[,.;]$/, ""));
}

function withoutPeriod(text: string): string {
  return text.replace(/\.$/, "");
}

function inLowerCase(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}
