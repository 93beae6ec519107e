/**
 * The checks that hold for each PDF of a chapter or of the book.
 */
import assert from "node:assert/strict";
import {
  margins,
  pointsPerMillimeter,
  type PaperFormat,
} from "../../scripts/handouts/pdf/paper-format";
import type { PdfFacts } from "./pdf-facts";

/** Positions of glyphs and boxes are rounded, in points. */
const tolerance = 2;

/** Lengths in points. */
function inPoints({ width, height }: PaperFormat) {
  return {
    width: width * pointsPerMillimeter,
    height: height * pointsPerMillimeter,
    top: margins.top * pointsPerMillimeter,
    bottom: margins.bottom * pointsPerMillimeter,
    side: margins.side * pointsPerMillimeter,
  };
}

/** What is shown by a page, without running heads and decoration. */
const contentOf = (page: PdfFacts["pages"][number]) =>
  page.painted.filter(({ artifact }) => !artifact);

/** Size of the paper, and nothing outside the margins. */
export function checkPaper(facts: PdfFacts, format: PaperFormat): void {
  const paper = inPoints(format);
  facts.pages.forEach(({ size, ...page }, index) => {
    const where = `page ${index + 1}`;
    assert.ok(Math.abs(size[0] - paper.width) < tolerance, where);
    assert.ok(Math.abs(size[1] - paper.height) < tolerance, where);
    for (const { box } of contentOf({ size, ...page })) {
      const [left, bottom, right, top] = box;
      assert.ok(left >= paper.side - tolerance, `${where}: ${box.join()}`);
      assert.ok(
        right <= paper.width - paper.side + tolerance,
        `${where}: ${box.join()}`,
      );
      assert.ok(bottom >= paper.bottom - tolerance, `${where}: ${box.join()}`);
      assert.ok(
        top <= paper.height - paper.top + tolerance,
        `${where}: ${box.join()}`,
      );
    }
  });
}

/** What PDF/UA asks for and can be read from tags and dictionaries. */
export function checkTags(facts: PdfFacts, title: string): void {
  const { language, marked, showsTitle, untagged } = facts;
  assert.deepEqual(
    { language, marked, showsTitle, untagged, title: facts.title },
    {
      language: "en",
      marked: true,
      showsTitle: true,
      untagged: 0,
      title,
    },
  );
  for (const text of [...facts.figures, ...facts.formulas])
    assert.ok((text ?? "").trim() !== "", "a figure or formula without text");
  assert.ok(facts.formulas.every((text) => !/\\[a-z]|undefined/.test(text!)));
  for (const tags of facts.tables) {
    assert.ok(tags.includes("/TH"), tags.join(" "));
    assert.equal(tags[1], "/Caption");
  }
  for (const kinds of facts.items)
    assert.ok(kinds.includes("/LBody"), kinds.join(" "));
  for (const { contents } of facts.links) assert.ok(contents.trim() !== "");
  assert.equal(facts.tags["/NonStruct"], undefined);
}

/** Captions are numbered without gaps, for each figure and table. */
export function checkCaptions(facts: PdfFacts): void {
  const text = facts.pages.map((page) => page.text).join("\n");
  const numbers = (kind: string) =>
    new Set(
      [...text.matchAll(new RegExp(`${kind}\\s+(\\d+)\\.`, "g"))].map((match) =>
        Number(match[1]),
      ),
    );
  for (const [kind, count] of [
    ["Figure", facts.figures.length],
    ["Table", facts.tables.length],
  ] as const) {
    const found = numbers(kind);
    for (let number = 1; number <= count; number += 1)
      assert.ok(found.has(number), `${kind} ${number} has no caption`);
  }
}

/**
 * Each page has the running head of its chapter and its number, in the margins.
 *
 * @param headOf The head of a page, or null for a page without head and number.
 */
export function checkRunningHeads(
  facts: PdfFacts,
  headOf: (page: number) => string | null,
): void {
  facts.pages.forEach(({ text }, index) => {
    if (headOf(index + 1) === null) return;
    const [head, number] = text.split("\n");
    assert.equal(head, headOf(index + 1), `page ${index + 1}`);
    assert.equal(number, String(index + 1), `page ${index + 1}`);
  });
}

/**
 * No page begins with the closing brackets of code, ends with a heading, or has a blank lower third
 * before something that would have fitted.
 *
 * @param ends The pages that end a chapter.
 */
export function checkBreaks(
  facts: PdfFacts,
  format: PaperFormat,
  ends: readonly number[],
): void {
  const { height, top, bottom } = inPoints(format);
  const textHeight = height - top - bottom;
  facts.pages.forEach((page, index) => {
    const number = index + 1;
    const first = page.text.split("\n")[2] ?? "";
    assert.doesNotMatch(first, /^[\])};,\s]+$/, `page ${number} begins so`);
    const lowest = Math.min(...contentOf(page).map(({ box }) => box[1]));
    const lone = facts.outline.filter(
      (heading) => heading.page === number && heading.top - 40 < lowest,
    );
    assert.deepEqual(
      lone.map(({ title }) => title),
      [],
      `a heading ends page ${number}`,
    );
    const blank = lowest - bottom;
    const next = facts.pages[number];
    if (blank < textHeight / 3 || ends.includes(number) || next === undefined)
      return;
    const tall = contentOf(next).filter(({ kind, box }) => {
      const [, low, , high] = box;
      return kind === "image" && high - low > 0.75 * blank;
    });
    assert.ok(tall.length > 0, `the lower third of page ${number} is blank`);
  });
}
