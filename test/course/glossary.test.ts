/**
 * The glossary: every place exists, and every term in bold in a notebook has an entry.
 */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import path from "node:path";
import { before, describe, test } from "node:test";
import {
  glossaryFile,
  readGlossary,
  withPlaces,
} from "../../scripts/glossary/document";
import { entriesOf, type Entry } from "../../scripts/glossary/entries";
import {
  explanationOf,
  placesOf,
  strayTerms,
} from "../../scripts/glossary/places";
import {
  readSections,
  sectionsOf,
  withoutFolds,
  type Section,
} from "../../scripts/glossary/sections";
import { readingOrder } from "../../scripts/handouts/handout";
import { errorWith } from "../error-with";
import { noPython, python, root } from "../lessons/notebook-file";

const sections = readSections(root);
const glossary = readGlossary(root);
const entries = entriesOf(glossary);

/** Sections of a notebook that consists of Markdown cells. */
function sectionsFrom(name: string, ...cells: readonly string[]): Section[] {
  return sectionsOf(name, {
    cells: cells.map((source, index) => ({
      ...{ cell_type: "markdown", id: `cell-${index}`, metadata: {}, source },
    })),
    ...{ metadata: {}, nbformat: 4, nbformat_minor: 5 },
  });
}

const entry = (term: string, ...others: readonly string[]): Entry => ({
  ...{ term, others, anchor: term, remark: "", definition: "" },
});
const headings = (found: readonly Section[]) =>
  found.map(({ heading }) => heading);

describe("docs/glossary.md", () => {
  test("has an entry for each term of the course, once, in alphabetical order", () => {
    assert.ok(entries.length >= 70 && entries.length <= 120);
    const terms = entries.map(({ term }) => term.toLowerCase());
    assert.deepEqual(terms, [...terms].sort());
    const forms = entries.flatMap(({ term, others }) => [term, ...others]);
    assert.equal(new Set(forms).size, forms.length);
  });

  test("defines each term in one to three sentences", () => {
    for (const { term, definition } of entries) {
      const sentences = definition.split(/[.!?](?:\s|$)/).length - 1;
      assert.ok(sentences >= 1 && sentences <= 3, `${term}: ${sentences}`);
    }
  });

  test("has the places of today's notebooks (npm run glossary)", async () => {
    assert.equal(await withPlaces(root, glossary, sections), glossary);
  });

  test("each of its links leads to a heading of a notebook, or to an entry", () => {
    const known = new Set([
      ...sections.map(
        ({ notebook, id }) => `../notebooks/${notebook}.ipynb#${id}`,
      ),
      ...entries.map(({ anchor }) => `#${anchor}`),
      "#index",
    ]);
    const links = [...glossary.matchAll(/\]\(([^)]*)\)/g)].map(([, to]) => to!);
    assert.ok(links.length > 2 * entries.length);
    assert.deepEqual(
      links.filter((link) => !known.has(link)),
      [],
    );
  });
});

describe("the notebooks", () => {
  test("mark in bold only terms that the glossary has, and headings within a paragraph", () => {
    assert.deepEqual(
      strayTerms(entries, sections).map(
        ({ section, text }) => `${section.notebook}: **${text}**`,
      ),
      [],
      `Bold is for terms of ${glossaryFile}; use italics for emphasis.`,
    );
  });

  test("have the ids of headings that a page has", { skip: noPython }, () => {
    const program = `
import json, sys
from convnotes_page import Outline, PageRenderer, Pieces, markdown_html
for name in json.load(sys.stdin):
    outline = Outline()
    for cell in json.load(open(f"notebooks/{name}.ipynb", encoding="utf-8"))["cells"]:
        if cell["cell_type"] == "markdown":
            markdown_html(PageRenderer(Pieces(), outline, "", {}), "".join(cell["source"]))
    for id in outline._ids:
        print(f"{name}#{id}")`;
    const { stdout, stderr } = spawnSync(python, ["-c", program], {
      cwd: root,
      input: JSON.stringify(readingOrder),
      encoding: "utf8",
      env: {
        ...process.env,
        PYTHONPATH: path.join(root, "scripts", "pages"),
        PYTHONIOENCODING: "utf-8",
      },
    });
    const onPages = stdout.split("\n").filter((line) => line !== "");
    assert.deepEqual(
      onPages.sort(),
      sections.map(({ notebook, id }) => `${notebook}#${id}`).sort(),
      stderr,
    );
  });
});

describe("sections", () => {
  test("begin at headings; folded text and code are left out", () => {
    const [first, second, ...others] = sectionsFrom(
      "lesson-9",
      "# Title\n\nText.\n\n<details><summary>Hint</summary>\n\nhidden\n\n<details>more</details>\n\n# hidden\n\n</details>\n\nEnd.",
      "```sh\n# no heading\n```\n\n## A *part* of `it`\n\nLast.",
    );
    assert.deepEqual(others, []);
    assert.equal(first!.heading, "Title");
    assert.match(first!.text, /^Text\.\s+End\.\s+```sh\n# no heading\n```$/);
    assert.equal(second!.heading, "A part of it");
    assert.equal(second!.id, "A-part-of-it");
    assert.equal(second!.level, 2);
    assert.equal(second!.text, "Last.");
  });

  test("with the same heading have different ids", () => {
    const found = sectionsFrom("lesson-9", "# A\n\n## Part one\n\n## Part one");
    assert.deepEqual(
      found.map(({ id }) => id),
      ["A", "Part-one", "Part-one-2"],
    );
  });

  test("a fold within a fold does not end it", () => {
    assert.equal(
      withoutFolds("a<details>b<details>c</details>d</details>e"),
      "ae",
    );
  });
});

describe("places", () => {
  const first = sectionsFrom(
    "lesson-8",
    "# Lesson 8: one",
    "## Beginning\n\nKernels, a kernel, the kernel and the *kernel*.",
    "## Middle\n\nA **kernel** is a window. **Parts.** A **Large kernel** is another thing.",
  );
  const second = sectionsFrom(
    "labs/lab-9",
    "# Lab 9: kernels",
    "## Step 1: large kernels\n\nText.",
    "## Exercises\n\n**kernels**",
  );
  const both = [...first, ...second];

  test("a term is explained where it is bold first, or has its own heading", () => {
    assert.equal(explanationOf(entry("kernel"), both)?.heading, "Middle");
    assert.equal(explanationOf(entry("middle"), both)?.heading, "Middle");
    assert.equal(explanationOf(entry("window"), both), undefined);
    assert.equal(
      explanationOf(entry("large kernel"), second),
      undefined,
      "a lab's heading explains nothing",
    );
  });

  test("a term is treated where it is bold, in a heading, or mentioned often", () => {
    const [kernel, large] = [entry("kernel"), entry("large kernel")];
    assert.deepEqual(headings(placesOf(kernel, [kernel], both)), [
      ...["Beginning", "Middle", "Lab 9: kernels", "Step 1: large kernels"],
    ]);
    assert.deepEqual(headings(placesOf(kernel, [kernel, large], both)), [
      ...["Beginning", "Middle", "Lab 9: kernels"],
    ]);
    assert.deepEqual(headings(placesOf(large, [kernel, large], both)), [
      ...["Middle", "Step 1: large kernels"],
    ]);
  });

  test("a bold term without an entry is found, with its section", () => {
    assert.deepEqual(strayTerms([entry("kernel")], both), [
      { section: first[2], text: "Large kernel" },
    ]);
    assert.deepEqual(
      strayTerms([entry("window", "kernel", "large kernels")], both),
      [],
    );
  });
});

describe("writing the places", () => {
  let lesson: Section[];
  before(() => {
    lesson = sectionsFrom(
      "lesson-9",
      "# Lesson 9: openings",
      "## What (and why)?\n\nA **window**.",
    );
  });
  const written = (body: string) =>
    withPlaces(
      root,
      `# Glossary\n\n${body}\n\n## Index\n\nAll places.\n`,
      lesson,
    );

  test("an entry gets its place, and the index all of them", async () => {
    const place = "../notebooks/lesson-9.ipynb#What-%28and-why%29?";
    const expected = `# Glossary

<a id="window"></a>**window**: A part. See [lesson 9: What (and why)?](${place}).

## Index

All places.

- [window](#window): lesson 9
  [What (and why)?](${place})
`;
    const text = await written('<a id="window"></a>**window**: A part.');
    assert.equal(text.replace(/\s+/g, " "), expected.replace(/\s+/g, " "));
    assert.equal(await withPlaces(root, text, lesson), text);
  });

  test("a term that no notebook explains is refused", async () => {
    await assert.rejects(
      written('<a id="door"></a>**door**: A part.'),
      errorWith("ERR_UNKNOWN_NAME", "door"),
    );
  });

  test("an entry of another form, a wrong anchor, and no index are refused", async () => {
    for (const body of [
      '<a id="window"></a>window: A part.',
      '<a id="windows"></a>**window**: A part.',
      "## Index",
    ]) {
      await assert.rejects(written(body), errorWith("ERR_FILE_FORMAT"));
    }
  });
});
