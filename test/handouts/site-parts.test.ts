/**
 * Tests what the book site is made of, without building it.
 */
import assert from "node:assert/strict";
import path from "node:path";
import { describe, test } from "node:test";
import { runInNewContext } from "node:vm";
import { readingOrder } from "../../scripts/handouts/handout";
import { readNotebook, sourceOf } from "../../scripts/handouts/notebook";
import { chapterFacts } from "../../scripts/handouts/site/chapter-facts";
import { withFoldedSolutions } from "../../scripts/handouts/site/folded-solutions";
import {
  documentPages,
  root,
  siteLink,
} from "../../scripts/handouts/site/pages";
import {
  baseMark,
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
    assert.deepEqual(chapterFacts(stored("techniques")), {
      topic:
        "Lesson 0 lists five techniques, and its source has code for two of them. Here all five are tried on the same network and the same images: each alone, then all together.",
      needs: "lesson 0",
      time: "30 minutes to read and try",
      goals: [
        "see a network overfit, in two curves",
        "try less capacity, L2 regularization, dropout, early stopping and data augmentation",
        "tell an effect from chance, by repeating every run with three seeds",
      ],
    });
    const { topic, time, needs } = chapterFacts(stored("labs/lab-1"));
    assert.deepEqual(
      [topic, time, needs],
      [undefined, "about 10 minutes", "lesson 1 up to its dense head"],
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

test("scripts find out the folder of the site", () => {
  const script = relocatedScript(
    `const a="${baseMark}",b='x "${baseMark}y" ${baseMark}',c=()=>{return\`\${a}|${baseMark}\${a+"${baseMark}"}\`};result=[a,b,c()]`,
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
