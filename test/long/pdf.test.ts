/**
 * Tests the PDF of all chapters and of the book in both formats, also by veraPDF's rules for
 * PDF/UA-1.
 */
import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import path from "node:path";
import { after, before, describe, test } from "node:test";
import { readingOrder } from "../../scripts/handouts/handout";
import { bookTitle } from "../../scripts/handouts/pdf/book";
import { paperFormats } from "../../scripts/handouts/pdf/paper-format";
import {
  checkBreaks,
  checkCaptions,
  checkPaper,
  checkRunningHeads,
  checkTags,
} from "../handouts/check-pdf";
import { pdfFacts, printed, storedChapter } from "../handouts/pdf-facts";
import { noBrowser } from "../jupyterlab/browser";
import { noPython, temporaryFolder } from "../lessons/notebook-file";

/** The first page of the chapters in the book, behind title page and contents. */
const firstPages = 2;

/** The class path of veraPDF's library, or why there is none. */
function veraClassPath(folder: string): { path: string } | { skip: string } {
  const pom = path.join(__dirname, "vera", "pom.xml");
  const file = path.join(folder, "class-path.txt");
  const maven = spawnSync(
    "mvn",
    [
      ...["-q", "-B", "-f", pom, "dependency:build-classpath"],
      `-Dmdep.outputFile=${file}`,
    ],
    { encoding: "utf8" },
  );
  return maven.status === 0
    ? { path: readFileSync(file, "utf8").trim() }
    : { skip: "there is no Maven that gets veraPDF" };
}

for (const format of paperFormats) {
  describe(
    `all documents in ${format.title}`,
    {
      skip: noPython || noBrowser,
    },
    () => {
      const chapters = readingOrder.map(storedChapter);
      let folder: string;
      let remove: () => void;
      const document = (name: string) =>
        path.join(folder, "pdf", format.name, `${name}.pdf`);

      before(async () => {
        ({ folder, remove } = temporaryFolder());
        const written = await printed(chapters, folder, [format.name]);
        assert.deepEqual(
          written,
          [...chapters.map(({ name }) => name), "book"].map(
            (name) => `pdf/${format.name}/${name}.pdf`,
          ),
        );
      });
      after(() => remove?.());

      for (const { name, title } of chapters) {
        test(`${name} is tagged and well divided`, () => {
          const facts = pdfFacts(document(name));
          checkPaper(facts, format);
          checkTags(facts, title);
          checkCaptions(facts);
          checkRunningHeads(facts, () => title);
          checkBreaks(facts, format, []);
        });
      }

      test("the book has all chapters, with continuous page numbers", () => {
        const facts = pdfFacts(document("book"));
        checkPaper(facts, format);
        checkTags(facts, bookTitle);
        const top = facts.outline.filter(({ level }) => level === 1);
        assert.deepEqual(
          top.map(({ title }) => title),
          [bookTitle, "Contents", ...chapters.map(({ title }) => title)],
        );
        assert.ok(top[2]!.page > firstPages);
        const starts = top.slice(1);
        const headOf = (page: number) =>
          starts.filter((start) => start.page <= page).at(-1)!.title;
        assert.ok(
          facts.pages[0]!.text.replaceAll("\n", " ").startsWith(bookTitle),
        );
        checkRunningHeads(facts, (page) => (page === 1 ? null : headOf(page)));
        checkBreaks(facts, format, top.map(({ page }) => page - 1).concat(1));
        const contents = facts.pages
          .slice(1, starts[1]!.page - 1)
          .map(({ text }) => text)
          .join("\n");
        for (const { title, page } of starts.slice(1))
          assert.ok(
            contents.includes(`${title} ${page}`) ||
              contents.includes(`${title}\n${page}`),
            `${title}, page ${page}`,
          );
      });

      test("veraPDF finds no error against PDF/UA-1", (context) => {
        const vera = veraClassPath(folder);
        if ("skip" in vera) return context.skip(vera.skip);
        const found = execFileSync(
          "java",
          [
            ...[
              "-cp",
              vera.path,
              path.join(__dirname, "vera", "Validate.java"),
            ],
            ...[...chapters.map(({ name }) => name), "book"].map(document),
          ],
          { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] },
        );
        const lines = found.trim().split("\n");
        assert.equal(lines.length, chapters.length + 1, found);
        assert.ok(
          lines.every((line) => line.startsWith("compliant ")),
          found,
        );
      });
    },
  );
}
