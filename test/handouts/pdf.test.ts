/**
 * Tests the PDF of a lesson and of a lab, in both formats. test/long has all documents.
 */
import assert from "node:assert/strict";
import path from "node:path";
import { after, before, describe, test } from "node:test";
import { paperFormats } from "../../scripts/handouts/pdf/paper-format";
import { noBrowser } from "../jupyterlab/browser";
import { noPython, temporaryFolder } from "../lessons/notebook-file";
import {
  checkBreaks,
  checkCaptions,
  checkPaper,
  checkRunningHeads,
  checkTags,
} from "./check-pdf";
import {
  headingsOf,
  pdfFacts,
  printed,
  storedChapter,
  type PdfFacts,
} from "./pdf-facts";

const [a4, letter] = paperFormats;

describe("chapters as PDF", { skip: noPython || noBrowser }, () => {
  const chapters = {
    lesson: storedChapter("lesson-1"),
    lab: storedChapter("labs/lab-1"),
  };
  let lesson: PdfFacts;
  let lab: PdfFacts;
  let remove: () => void;

  before(async () => {
    const temporary = temporaryFolder();
    remove = temporary.remove;
    const { folder } = temporary;
    assert.deepEqual(await printed([chapters.lesson], folder, ["a4"]), [
      "pdf/a4/lesson-1.pdf",
    ]);
    assert.deepEqual(await printed([chapters.lab], folder, ["letter"]), [
      "pdf/letter/lab-1.pdf",
    ]);
    lesson = pdfFacts(path.join(folder, "pdf", "a4", "lesson-1.pdf"));
    lab = pdfFacts(path.join(folder, "pdf", "letter", "lab-1.pdf"));
  });
  after(() => remove?.());

  test("have the size of the paper, and nothing outside the margins", () => {
    checkPaper(lesson, a4!);
    checkPaper(lab, letter!);
  });

  test("are tagged, in English, with a title", () => {
    checkTags(lesson, chapters.lesson.title);
    checkTags(lab, chapters.lab.title);
  });

  test("say formulas in words", () => {
    for (const text of [
      "3072 times 64 + 64 = 196,672",
      "n minus k + 1",
      "minus z sub k + ln sum over j of e to the power of (z sub j)",
      "y sub (i, j, f) = relu (b sub f + sum from u = 0 to 2 of sum from v = 0 to 2 of sum over c of w sub (u, v, c, f) x sub (i + u, j + v, c)), relu (z) = max (z, 0).",
    ])
      assert.ok(lesson.formulas.includes(text), lesson.formulas.join("\n"));
  });

  test("have an outline of their headings", () => {
    for (const [facts, { file }] of [
      [lesson, chapters.lesson],
      [lab, chapters.lab],
    ] as const) {
      const titles = facts.outline.map(({ title }) => title);
      const end = titles.indexOf("Answers");
      assert.deepEqual(titles.slice(0, end), headingsOf(file));
      const exercises = titles.slice(end + 1);
      assert.ok(exercises.length > 3);
      assert.ok(exercises.every((title) => headingsOf(file).includes(title)));
      for (const { tag, level } of facts.outline)
        assert.equal(tag, `/H${level}`);
    }
  });

  test("have a running head and a number on each page", () => {
    checkRunningHeads(lesson, () => chapters.lesson.title);
    checkRunningHeads(lab, () => chapters.lab.title);
  });

  test("have numbered captions", () => {
    assert.equal(lesson.figures.length, 4);
    checkCaptions(lesson);
    checkCaptions(lab);
  });

  test("are divided between pages where readers expect it", () => {
    checkBreaks(lesson, a4!, []);
    checkBreaks(lab, letter!, []);
  });

  test("have answers after the exercises, with page numbers both ways", () => {
    for (const facts of [lesson, lab]) {
      const texts = facts.pages.map(({ text }) => text);
      const answers = facts.outline.find(({ title }) => title === "Answers")!;
      const references = texts.flatMap((text, index) =>
        [...text.matchAll(/(Answer|Exercise): page (\d+)/g)].map((match) => ({
          from: index + 1,
          kind: match[1],
          to: Number(match[2]),
        })),
      );
      const [forth, back] = ["Answer", "Exercise"].map((name) =>
        references.filter(({ kind }) => kind === name),
      );
      assert.ok(forth!.length > 3);
      assert.deepEqual(
        forth!.map(({ from, to }) => [from, to]),
        back!.map(({ from, to }) => [to, from]),
      );
      assert.ok(forth!.every(({ to }) => to >= answers.page));
    }
    const all = lesson.pages.map(({ text }) => text).join("\n");
    assert.ok(
      all.indexOf("The size of the image does not matter") >
        all.indexOf("Exercise 9: the best epoch"),
    );
    assert.match(all, /YOUR CODE HERE/);
    assert.doesNotMatch(all, /(BEGIN|END) SOLUTION\n/);
  });

  test("print what is folded", () => {
    const all = lesson.pages.map(({ text }) => text).join("\n");
    assert.match(all, /Hint 1\nThe kernel for vertical edges compares columns/);
    assert.match(all, /About the source: the name of the package\nThe slide/);
  });
});
