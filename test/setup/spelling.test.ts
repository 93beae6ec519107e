/**
 * American spelling, as in the interfaces of Keras, PyTorch and Node, in the text and the names of
 * the project's files. The lessons and what quotes them are exempt.
 */
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { lstatSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";

const root = join(__dirname, "..", "..");

/** Parts of words in British spelling; case is ignored. */
const british = new RegExp(
  [
    "(?:behavi|col|fav|flav|harb|hon|hum|lab|neighb|rum|vap)our",
    "(?:author|categor|central|custom|emphas|general|initial|local|material|maxim|memor|minim)is(?:e|ing|ation)",
    "(?:normal|optim|organ|parallel|penal|priorit|quant|random|recogn|regular|serial|special|stabil)is(?:e|ing|ation)",
    "(?:standard|summar|symbol|synchron|token|util|vector|visual)is(?:e|ing|ation)",
    "(?:cancel|label|level|model|signal|travel)l(?:ed|ing)",
    "\\b(?:kilo|centi|milli)?metres?\\b",
    "(?:an|cat|par)alys(?:e|ing)",
    "artefact|catalogue|centre|defence|grey|judgement|learnt|licence|towards",
  ].join("|"),
  "gi",
);

const exempt =
  /^(?:LICENSE|notebooks\/.*|package-lock\.json|test\/notebooks\/.*|docs\/results\.md|test\/setup\/spelling\.test\.ts|.*\.png)$/;

/**
 * Names of Node's test counts, Python's asyncio, veraPDF and an npm package, and former names of
 * the library.
 */
const exceptions: Readonly<Record<string, readonly string[]>> = {
  "CHANGELOG.md": ["catalogue", "licence", "normalise"],
  "docs/licenses.md": ["colour"],
  "scripts/lessons/execute.py": ["Cancelled"],
  "scripts/test.mjs": ["cancelled"],
  "scripts/test/tally-reporter.mjs": ["cancelled"],
  "src/data/catalog/catalog.ts": ["catalogue", "licence"],
  "src/index.ts": ["catalogue"],
  "src/training/confusion-matrix.ts": ["normalise"],
  "test/long/vera/Validate.java": ["flavour", "Flavour", "initialise"],
  "test/notebook/former-names.test.ts": ["catalogue", "licence", "normalise"],
};

function found(text: string): string[] {
  return [...text.matchAll(british)].map(([word]) => word);
}

test("files and their names have American spelling", () => {
  const listed = execFileSync("git", ["ls-files", "-z"], {
    cwd: root,
    encoding: "utf8",
  });
  const files = listed
    .split("\0")
    .filter((file) => file !== "" && !exempt.test(file))
    .filter((file) =>
      lstatSync(join(root, file), { throwIfNoEntry: false })?.isFile(),
    );
  assert.ok(files.length > 100);
  const faults = files.flatMap((file) => {
    const words = [
      ...found(file),
      ...found(readFileSync(join(root, file), "utf8")),
    ];
    const allowed = exceptions[file] ?? [];
    return words
      .filter((word) => !allowed.includes(word))
      .map((word) => `${file}: ${word}`);
  });
  assert.deepEqual(faults, []);
});

test("finds British spelling in any case, and no American spelling", () => {
  assert.deepEqual(
    found("COLOUR normaliseRows cancelled, grey metres, centred, analysed"),
    ["COLOUR", "normalise", "cancelled", "grey", "metres", "centre", "analyse"],
  );
  assert.deepEqual(
    found("color normalize canceled gray meters analysis parameters, grew"),
    [],
  );
});
