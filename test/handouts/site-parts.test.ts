/**
 * Tests what the book site is made of, without building it.
 */
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import path from "node:path";
import { describe, test } from "node:test";
import { runInNewContext } from "node:vm";
import { readingOrder } from "../../scripts/handouts/handout";
import { readNotebook, sourceOf } from "../../scripts/handouts/notebook";
import { chapterFacts } from "../../scripts/handouts/site/chapter-facts";
import { withFoldedSolutions } from "../../scripts/handouts/site/folded-solutions";
import { root } from "../../scripts/handouts/program";
import { startPage } from "../../scripts/handouts/site/start-page";
import { documentPages, siteLink } from "../../scripts/handouts/site/pages";
import {
  basePlaceholder,
  relocatedScript,
} from "../../scripts/handouts/site/relocate";

const stored = (name: string) =>
  readNotebook(path.join(root, "notebooks", `${name}.ipynb`));

describe("the facts of a chapter", () => {
  test("are found in every notebook of the course", () => {
    for (const name of readingOrder) {
      const facts = chapterFacts(stored(name));
      assert.match(facts.time ?? "", /\d+ minutes/, name);
      assert.match(facts.needs ?? "", /TypeScript|lesson|lab/, name);
      assert.ok(facts.goals.length >= 3, name);
    }
  });

  test("are read from paragraphs with or without a colon", () => {
    const factsOf = (source: string) =>
      chapterFacts({
        cells: [{ cell_type: "markdown", id: "title", metadata: {}, source }],
        metadata: {},
        nbformat: 4,
        nbformat_minor: 5,
      });
    const goals =
      "**You will**\n\n* see a network overfit, in two curves,\n* tell an effect from chance.";
    const needs =
      "**You need** lesson 0. **Time:** 30 minutes to read and try.";
    assert.deepEqual(
      factsOf(`# Title\n\nAll five are\ntried here.\n\n${needs}\n\n${goals}`),
      {
        topic: "All five are tried here.",
        needs: "lesson 0",
        time: "30 minutes to read and try",
        goals: [
          "see a network overfit, in two curves",
          "tell an effect from chance",
        ],
      },
    );
    assert.deepEqual(
      factsOf(
        "# Lab\n\nComputer Vision 1. About 10 minutes.\n\n**You need** lesson 1 up to its dense head.",
      ),
      {
        time: "about 10 minutes",
        needs: "lesson 1 up to its dense head",
        goals: [],
      },
    );
    const { time, needs: before } = chapterFacts(stored("techniques"));
    assert.equal(before, "lesson 0");
    assert.equal(
      time,
      "about 30 minutes to read and try, 15 for the exercises",
    );
  });
});

test("a solution follows its gap", () => {
  const lab = stored("labs/lab-3");
  const { cells } = withFoldedSolutions(lab);
  const gaps = cells.filter((cell) =>
    /YOUR (CODE|ANSWER) HERE/.test(sourceOf(cell)),
  );
  assert.equal(gaps.length, 6);
  assert.equal(cells.length, lab.cells.length + 6);
  for (const gap of gaps) {
    const solution = cells[cells.indexOf(gap) + 1]!;
    assert.deepEqual(solution.metadata.tags, ["solution"]);
    assert.doesNotMatch(sourceOf(solution), /SOLUTION|YOUR/);
  }
});

test("every column of a document's table has a header, which a screen reader names", () => {
  for (const { source } of documentPages()) {
    const text = readFileSync(path.join(root, source), "utf8");
    const heads = [...text.matchAll(/^\|(.*)\|\n\|[\s:|-]+\|$/gm)];
    for (const [, head] of heads)
      assert.ok(
        head!.split("|").every((cell) => cell.trim() !== ""),
        `${source}: ${head}`,
      );
  }
});

test("indented code of a doc comment is in a box that scrolls, in colors", () => {
  const program = `
    import { createMarkdownRenderer } from "vitepress";
    import { adaptMarkdown } from "./scripts/handouts/site/markdown.mjs";
    const md = await createMarkdownRenderer(".");
    adaptMarkdown(md, {});
    const text = "Text.\\n\\n    const one = 1;\\n";
    console.log(md.render(text, { relativePath: "api/index.md" }));`;
  const html = execFileSync(
    process.execPath,
    ["--input-type=module", "--eval", program],
    { cwd: root, encoding: "utf8" },
  );
  assert.match(html, /<div class="language-ts[^"]*">[^]*shiki[^]*const/);
});

describe("a link of a document", () => {
  const pages = [
    { path: "lesson-1", source: "notebooks/lesson-1.ipynb" },
    ...documentPages(),
  ];
  const lab = { path: "lab-1", source: "notebooks/labs/lab-1.ipynb" };
  const kernel = pages.find(({ path }) => path === "docs/kernel")!;
  const changes = pages.find(({ path }) => path === "changes")!;
  const link = (from: typeof lab, href: string) => siteLink(pages, from, href);

  test("leads to the page of a notebook or a document", () => {
    assert.equal(
      link(lab, "../lesson-1.ipynb#Exercises"),
      "lesson-1.html#Exercises",
    );
    assert.equal(link(lab, "../../docs/data.md"), "docs/data.html");
    assert.equal(
      link(kernel, "benchmarks.md#the-kernel"),
      "benchmarks.html#the-kernel",
    );
    assert.equal(
      link(kernel, "../kernel/README.md"),
      "../packages/kernel.html",
    );
    assert.equal(link(changes, "docs/teaching.md"), "docs/teaching.html");
  });

  test("stays if it leads to another host, within the page, or nowhere", () => {
    for (const href of [
      "https://example.org/a.md",
      "#part",
      "mailto:a@b",
      "nowhere.md",
    ])
      assert.equal(link(kernel, href), href);
  });

  test("disappears if it leads to a file that the site does not show", () => {
    assert.equal(link(kernel, "../package.json"), undefined);
  });
});

test("the start page's links lead to pages, from a notebook in any folder", () => {
  const lesson = { path: "lesson-1", source: "notebooks/lesson-1.ipynb" };
  const lab = { path: "lab-1", source: "notebooks/labs/lab-1.ipynb" };
  const listed = (page: typeof lab, topic: string) => ({
    page,
    title: "A title",
    facts: { topic, goals: [] },
  });
  const page = startPage(
    [
      listed(lesson, "Before [a lab](labs/lab-1.ipynb)."),
      listed(lab, "After [it](../lesson-1.ipynb#Summary) and lesson 1."),
    ],
    [lesson, lab],
  );
  assert.match(page, /^Before \[a lab\]\(lab-1\.html\)\.$/m);
  assert.match(
    page,
    /^After \[it\]\(lesson-1\.html#Summary\) and \[lesson 1\]\(lesson-1\.html\)\.$/m,
  );
});

test("scripts find out the folder of the site", () => {
  const script = relocatedScript(
    `const a="${basePlaceholder}",b='x "${basePlaceholder}y" ${basePlaceholder}',c=()=>{return\`\${a}|${basePlaceholder}\${a+"${basePlaceholder}"}\`};result=[a,b,c()]`,
  );
  const context = { self: { convnotesBase: "/my course/" }, result: [] };
  runInNewContext(script, context);
  assert.deepEqual(
    [...context.result],
    [
      "/my course/",
      'x "/my course/y" /my course/',
      "/my course/|/my course//my course//my course/",
    ],
  );
});
