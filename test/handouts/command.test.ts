/**
 * Tests `npm run handouts`: its options, and that its folder changes at once or not at all.
 */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  writeFileSync,
} from "node:fs";
import path from "node:path";
import { afterEach, beforeEach, describe, test } from "node:test";
import { chapterNames, findChapters } from "../../scripts/handouts/chapters";
import type { HandoutStep } from "../../scripts/handouts/handout";
import { indexPage } from "../../scripts/handouts/index-page";
import {
  makeHandouts,
  type HandoutOptions,
} from "../../scripts/handouts/make-handouts";
import { steps } from "../../scripts/handouts/steps";
import { errorWith } from "../error-with";
import {
  code,
  markdown,
  noPython,
  root,
  shown,
  temporaryFolder,
  writeNotebook,
} from "../lessons/notebook-file";

const program = path.join(root, "scripts", "handouts.mjs");
const run = (...args: string[]) =>
  spawnSync(process.execPath, [program, ...args], { encoding: "utf8" });

/** A step that writes one file for each chapter. */
function step(
  name: HandoutStep["name"],
  more: Partial<HandoutStep> = {},
): HandoutStep {
  return {
    name,
    about: `the step ${name}`,
    run: ({ chapters, out }) => {
      mkdirSync(path.join(out, name));
      const files = chapters.map((chapter) => `${name}/${chapter.name}.html`);
      for (const file of files) writeFileSync(path.join(out, file), name);
      return Promise.resolve(files);
    },
    ...more,
  };
}

let folder: string;
let remove: () => void;
let lines: string[];
let out: string;
beforeEach(() => {
  ({ folder, remove } = temporaryFolder());
  lines = [];
  out = path.join(folder, "out");
  mkdirSync(path.join(folder, "labs"));
  writeNotebook(path.join(folder, "lesson-1.ipynb"), [
    markdown("# Lesson 1: the *first* `one`"),
    code("1;", [shown({ "text/plain": "1" })]),
  ]);
  writeNotebook(path.join(folder, "labs", "lab-2.ipynb"), [
    markdown("# Lab 2: open"),
    code("1;"),
  ]);
});
afterEach(() => remove());

const make = (more: Partial<HandoutOptions>) =>
  makeHandouts({
    names: [],
    only: [],
    notebooks: [folder],
    out,
    signal: new AbortController().signal,
    log: (line) => lines.push(line),
    ...more,
  });
const printed = () => lines.join("\n");
const entries = () => readdirSync(out).sort();

describe("notebooks", () => {
  test("are found in reading order, also in labs/, with their first headings", () => {
    const found = findChapters([folder], []);
    assert.deepEqual(
      found.map(({ name, kind, title, state }) => [name, kind, title, state]),
      [
        ["lesson-1", "lesson", "Lesson 1: the first one", "executed"],
        ["lab-2", "lab", "Lab 2: open", "open"],
      ],
    );
  });

  test("may be named by path, and the first folder that has one wins", () => {
    const other = path.join(folder, "other");
    mkdirSync(other);
    writeNotebook(path.join(other, "lesson-1.ipynb"), [markdown("# Other")]);
    const [first] = findChapters([other, folder], ["notebooks/lesson-1.ipynb"]);
    assert.equal(first!.title, "Other");
  });

  test("with the output of an error count as failed", () => {
    const error = { output_type: "error", ename: "Error", evalue: "no" };
    writeNotebook(path.join(folder, "lesson-4.ipynb"), [code("f();", [error])]);
    const [found] = findChapters([folder], ["lesson-4"]);
    assert.deepEqual([found!.state, found!.title], ["failed", "lesson-4"]);
  });

  test("an unknown name is one error that lists the names; a missing file another", () => {
    assert.throws(
      () => findChapters([folder], ["lesson-9", "lesson-1", "x"]),
      errorWith("ERR_UNKNOWN_NAME", chapterNames.join(", "), "lesson-9, x"),
    );
    assert.throws(
      () => findChapters([folder], ["lesson-2"]),
      errorWith("ERR_FILE_MISSING", "lesson-2.ipynb", folder),
    );
    writeFileSync(path.join(folder, "lesson-2.ipynb"), "no JSON");
    assert.throws(
      () => findChapters([folder], ["lesson-2"]),
      errorWith("ERR_FILE_FORMAT", "lesson-2.ipynb"),
    );
  });
});

describe("handouts", { skip: noPython }, () => {
  test("are put in place with a start page and a table", async () => {
    assert.ok(await make({ steps: [step("pages"), step("slides")] }));
    assert.deepEqual(entries(), [
      ...[".handouts.json", "index.html", "pages", "slides"],
    ]);
    const index = readFileSync(path.join(out, "index.html"), "utf8");
    assert.match(index, /href="pages\/lesson-1\.html"/);
    assert.match(printed(), /^pages +1 +\S+ MB +\S+ s +pages\/$/m);
    assert.match(printed(), /Open this first: .*out\/index\.html$/);
  });

  test("of notebooks without outputs are left out, with one remark and how to run them", async () => {
    let names: string[] = [];
    const takesAll = step("copies", {
      takesOpenNotebooks: true,
      run: ({ chapters }) => {
        names = chapters.map(({ name }) => name);
        return Promise.resolve([]);
      },
    });
    assert.ok(await make({ steps: [step("pages"), takesAll] }));
    assert.deepEqual(readdirSync(path.join(out, "pages")), ["lesson-1.html"]);
    assert.deepEqual(names, ["lesson-1", "lab-2"]);
    assert.equal(printed().split("Without outputs").length, 2);
    assert.match(printed(), /nbconvert --to notebook --execute .*lab-2\.ipynb/);
    await assert.rejects(
      make({ names: ["lab-2"], steps: [step("pages")] }),
      errorWith("ERR_FILE_MISSING", "lab-2", "nbconvert"),
    );
  });

  test("of other steps stay, those of the same step are replaced", async () => {
    await make({ steps: [step("pages"), step("slides")] });
    const changed = step("pages", {
      run: ({ out: stage }) => {
        assert.equal(
          readFileSync(path.join(stage, "slides", "lesson-1.html"), "utf8"),
          "slides",
        );
        mkdirSync(path.join(stage, "pages"));
        writeFileSync(path.join(stage, "pages", "lab-2.html"), "new");
        return Promise.resolve(["pages/lab-2.html"]);
      },
    });
    writeFileSync(path.join(out, "of-the-user.txt"), "kept");
    assert.ok(await make({ steps: [changed] }));
    assert.deepEqual(readdirSync(path.join(out, "pages")), ["lab-2.html"]);
    assert.ok(existsSync(path.join(out, "slides", "lesson-1.html")));
    assert.ok(existsSync(path.join(out, "of-the-user.txt")));
    const index = readFileSync(path.join(out, "index.html"), "utf8");
    assert.match(index, /href="slides\/lesson-1\.html"/);
  });

  test("of a step that fails are not put in place; the others are", async () => {
    const failing = step("pdf", {
      run: ({ out: stage }) => {
        mkdirSync(path.join(stage, "pdf"));
        writeFileSync(path.join(stage, "pdf", "half.pdf"), "");
        return Promise.reject(new Error("Expected a browser, received none."));
      },
    });
    assert.equal(await make({ steps: [step("pages"), failing] }), false);
    assert.deepEqual(entries(), [".handouts.json", "index.html", "pages"]);
    assert.match(printed(), /pdf failed\. Expected a browser, received none\./);
    assert.match(printed(), /^pdf +– +– +– +failed$/m);
  });

  test("stay as they were if the run is stopped", async () => {
    await make({ steps: [step("pages")] });
    const stopper = new AbortController();
    const stopped = step("pages", {
      run: ({ out: stage }) => {
        mkdirSync(path.join(stage, "pages"));
        stopper.abort();
        return Promise.resolve(["pages"]);
      },
    });
    await assert.rejects(
      make({ steps: [stopped, step("slides")], signal: stopper.signal }),
      errorWith("ERR_INTERRUPTED"),
    );
    assert.deepEqual(entries(), [".handouts.json", "index.html", "pages"]);
    assert.deepEqual(readdirSync(path.join(out, "pages")), ["lesson-1.html"]);
  });

  test("leave nothing if the first run is stopped or makes nothing", async () => {
    const stopper = new AbortController();
    stopper.abort();
    await assert.rejects(
      make({ steps: [step("pages")], signal: stopper.signal }),
      errorWith("ERR_INTERRUPTED"),
    );
    assert.ok(!existsSync(out));
    const failing = step("pdf", {
      run: () => Promise.reject(new Error("no")),
    });
    assert.equal(await make({ steps: [failing] }), false);
    assert.ok(!existsSync(out));
  });

  test("do not overwrite a folder with other files", async () => {
    mkdirSync(out);
    writeFileSync(path.join(out, "essay.txt"), "");
    await assert.rejects(
      make({ steps: [step("pages")] }),
      errorWith("ERR_INVALID_STATE", out),
    );
    assert.deepEqual(entries(), ["essay.txt"]);
  });

  test("a hidden folder of a killed run is removed", async () => {
    await make({ steps: [step("pages")] });
    // No process has this number: it is above the largest that Linux gives.
    mkdirSync(path.join(out, ".unfinished-4194305"));
    await make({ steps: [step("slides")] });
    assert.deepEqual(entries(), [
      ...[".handouts.json", "index.html", "pages", "slides"],
    ]);
  });
});

test("the start page lists chapters in reading order, and escapes titles", () => {
  const chapter = (name: string, title: string) =>
    ({ name, title, kind: "lesson" }) as const;
  const page = indexPage(
    [
      {
        step: "pages",
        files: ["pages"],
        chapters: [
          chapter("lesson-4", "Lesson 4: a < b"),
          chapter("lesson-1", "Lesson 1: first"),
        ],
      },
    ],
    [
      ...["pages/lesson-1.html", "pages/lesson-4.html"],
      ...["pdf/a4/book.pdf", "pdf/a4/lesson-4.pdf", "pdf/letter/lesson-4.pdf"],
    ],
  );
  assert.ok(page.indexOf("lesson-1.html") < page.indexOf("lesson-4.html"));
  assert.match(page, /<h3>A &lt; b<\/h3>/);
  assert.match(page, /href="pdf\/a4\/book\.pdf">[^<]*book: PDF, A4</);
  assert.doesNotMatch(page, /pdf\/letter\/book|pdf\/a4\/lesson-1/);
  for (const [folder, paper] of [
    ["a4", "A4"],
    ["letter", "Letter"],
  ])
    assert.match(
      page,
      new RegExp(`href="pdf/${folder}/lesson-4\\.pdf">PDF, ${paper}<`),
    );
});

describe("the command line", () => {
  test("--help names all steps and notebooks, and the exit codes", () => {
    const { status, stdout } = run("--help");
    assert.equal(status, 0);
    for (const name of ["site", "pages", "pdf", "slides", "copies", "zip"])
      assert.match(stdout, new RegExp(`^ +${name} {2,}\\S`, "m"));
    for (const { about, name } of steps)
      assert.match(stdout, new RegExp(`^ +${name} {2,}\\S`, "m"), about);
    assert.match(stdout, /130 after Ctrl-C/);
  });

  test("unknown options, notebooks and steps end with code 2 and one message", () => {
    const option = run("--steps", "pages");
    assert.equal(option.status, 2);
    assert.match(option.stderr, /^Expected names of notebooks and the options/);
    const notebook = run("lesson-9", "--out", out);
    assert.equal(notebook.status, 2, notebook.stderr);
    assert.match(
      notebook.stderr,
      /^Expected names of notebooks \(lesson-1, .*techniques\), received lesson-9\.\n$/,
    );
    const name = run("--only", "pages,paper", "--out", out);
    assert.equal(name.status, 2);
    assert.match(
      name.stderr,
      /^Expected --only to name steps .*, received paper\.\n$/,
    );
    assert.ok(!existsSync(out));
  });

  test("a folder without notebooks ends with code 1 and one message", () => {
    const empty = run("--notebooks", out, "--out", out);
    assert.equal(empty.status, 1);
    assert.match(
      empty.stderr,
      /^Expected notebooks of the course, .* in .*\n$/,
    );
  });
});
