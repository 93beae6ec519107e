/**
 * Tests the file of all handouts: what is in it, that its links work, and that it is the same each
 * time.
 */
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import path from "node:path";
import { after, before, describe, test } from "node:test";
import { licensesText } from "../../scripts/handouts/data-sets";
import { makeHandouts } from "../../scripts/handouts/make-handouts";
import { zipName, zipped } from "../../scripts/handouts/zip";
import { errorWith } from "../error-with";
import {
  code,
  markdown,
  noPython,
  python,
  root,
  shown,
  temporaryFolder,
  writeNotebook,
} from "../lessons/notebook-file";

/** What check_zip.py prints. */
interface Report {
  readonly names: readonly string[];
  readonly damaged: string | null;
  readonly dates: readonly string[];
  readonly links: number;
  readonly broken: readonly string[];
  readonly words: readonly string[];
}

function check(archive: string, folder: string, words: readonly string[]) {
  const program = path.join(__dirname, "check_zip.py");
  const output = execFileSync(python, [program, archive, folder, ...words], {
    encoding: "utf8",
    maxBuffer: 64 * 1024 * 1024,
  });
  return JSON.parse(output) as Report;
}

const files = new Map([
  ["b.txt", Buffer.from("second")],
  ["a/b.txt", Buffer.from("first")],
]);

test("the same files give the same bytes, in any order and time zone", () => {
  const zone = process.env["TZ"];
  try {
    const made = ["UTC", "Asia/Tokyo", "America/Los_Angeles"].map((place) => {
      process.env["TZ"] = place;
      return [
        Buffer.from(zipped(files)).toString("hex"),
        Buffer.from(zipped(new Map([...files].reverse()))).toString("hex"),
      ];
    });
    assert.equal(new Set(made.flat()).size, 1);
  } finally {
    if (zone === undefined) delete process.env["TZ"];
    else process.env["TZ"] = zone;
  }
});

test("paths that are not portable are an error", () => {
  const content = new Uint8Array(1);
  const bad = ["ä.txt", "a b.txt", "a:b", "../a", `${"a".repeat(161)}`];
  for (const name of bad) {
    assert.throws(
      () => zipped(new Map([[name, content]])),
      errorWith("ERR_INVALID_VALUE", name),
    );
  }
  assert.throws(
    () =>
      zipped(
        new Map([
          ["a.txt", content],
          ["A.txt", content],
        ]),
      ),
    errorWith("ERR_INVALID_VALUE", "a.txt", "A.txt"),
  );
});

test("the licenses name every data set, and where its images are", () => {
  const text = licensesText({ mnist: ["pages/lab-1.html"] });
  assert.match(
    text,
    /## MNIST\n[^#]*Share Alike 3\.0[^#]*by-sa\/3\.0[^#]* {2}- pages\/lab-1\.html\n/,
  );
  for (const title of ["CIFAR-10", "CIFAR-100", "Fashion-MNIST"]) {
    assert.match(
      text,
      new RegExp(`## ${title}\\n[^#]*no file of these handouts`),
    );
  }
});

describe("the file of small notebooks", { skip: noPython }, () => {
  let folder: string;
  let remove: () => void;
  let report: Report;
  const unpacked = () => path.join(folder, "unpacked");

  before(async () => {
    ({ folder, remove } = temporaryFolder());
    const notebooks = path.join(folder, "notebooks");
    mkdirSync(path.join(notebooks, "labs"), { recursive: true });
    writeNotebook(path.join(notebooks, "lesson-1.ipynb"), [
      markdown(
        "# Lesson 1: links\n\nTo [a lab](labs/lab-1.ipynb), [a document](../docs/data.md), [another lesson](lesson-4.ipynb#The-end), [itself](#The-end) and [none](lesson-0.ipynb).",
      ),
      code("figure;", [
        shown({
          "text/plain":
            "5 images\nData: Fashion-MNIST, the publisher's files\nData: synthetic images, not MNIST",
        }),
      ]),
      markdown("## The end"),
    ]);
    writeNotebook(path.join(notebooks, "lesson-4.ipynb"), [
      markdown("# Lesson 4: more\n\nBack to [lesson 1](lesson-1.ipynb)."),
      code("1;", [shown({ "text/plain": "1" })]),
      markdown("## The end"),
    ]);
    writeNotebook(path.join(notebooks, "labs", "lab-1.ipynb"), [
      markdown("# Lab 1: a gap"),
      code(
        "step(() => {\n  // BEGIN SOLUTION\n  return 1;\n  // END SOLUTION\n});",
      ),
    ]);
    const lines: string[] = [];
    const succeeded = await makeHandouts({
      names: [],
      only: ["pages", "copies", "zip"],
      notebooks: [notebooks],
      out: path.join(folder, "out"),
      signal: new AbortController().signal,
      log: (line) => lines.push(line),
    });
    assert.ok(succeeded, lines.join("\n"));
    report = check(path.join(folder, "out", zipName), unpacked(), [
      folder,
      root,
      path.join(homedir(), path.sep),
      path.join(tmpdir(), path.sep),
    ]);
  });
  after(() => remove?.());

  test("has all handouts, a start page, a README and the licenses", () => {
    assert.deepEqual(
      report.names,
      [
        ...["DATA-LICENSES.md", "LICENSE", "README.txt", "index.html"],
        ...["lesson-1", "lesson-4"].map((name) => `pages/${name}.html`),
        ...["solution", "student"].flatMap((copy) =>
          ["lab-1", "lesson-1", "lesson-4"].flatMap((name) => [
            `${copy}/${name}.html`,
            `${copy}/${name}.ipynb`,
          ]),
        ),
      ].sort(),
    );
    assert.equal(report.damaged, null);
    assert.deepEqual(report.dates, ["1980-1-1"]);
  });

  test("has no broken link, and no path of this machine", () => {
    assert.ok(report.links > 40, `${report.links} links`);
    assert.deepEqual(report.broken, []);
    assert.deepEqual(report.words, []);
  });

  test("links between notebooks lead to the files beside them, others are text", () => {
    const page = readFileSync(
      path.join(unpacked(), "pages", "lesson-1.html"),
      "utf8",
    );
    assert.match(page, /<a href="lesson-4\.html#The-end">another lesson<\/a>/);
    assert.match(page, /To a lab, a document, .* and none\./);
    const copy = readFileSync(
      path.join(unpacked(), "student", "lesson-1.ipynb"),
      "utf8",
    );
    assert.match(copy, /\[a lab\]\(lab-1\.ipynb\), a document, /);
  });

  test("credits the data sets whose images are shown, and not those of synthetic images", () => {
    const licenses = readFileSync(
      path.join(unpacked(), "DATA-LICENSES.md"),
      "utf8",
    );
    assert.match(
      licenses,
      /## Fashion-MNIST\n[^#]*MIT[^#]*pages\/lesson-1\.html[^#]*solution\/lesson-1\.html/,
    );
    assert.match(licenses, /## MNIST\n[^#]*no file of these handouts/);
    const page = readFileSync(
      path.join(unpacked(), "pages", "lesson-1.html"),
      "utf8",
    );
    assert.match(page, /Images of Fashion-MNIST: H\. Xiao/);
    assert.doesNotMatch(page, /Images of MNIST/);
  });

  test("the README says what is there and which kernel the notebooks need", () => {
    const text = readFileSync(path.join(unpacked(), "README.txt"), "utf8");
    assert.match(text, /kernel "convnotes"/);
    assert.match(text, /^ {2}student\/ /m);
    assert.doesNotMatch(text, /^ {2}pdf\/ /m);
    assert.ok(text.split("\n").every((line) => line.length <= 78));
  });
});
