/**
 * Runs one list of cells through both compilers: the checked one, and tslab's converter for
 * comparison.
 *
 * The list in `cells/` defines the outcome of each cell and, where tslab's outcome differs, that
 * outcome with the reason. tslab is slow: every third notebook runs through it here, all of them in
 * `npm run test:long -- long/compiler-tslab`.
 */
import assert from "node:assert/strict";
import { mkdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { after, before, describe, test } from "node:test";
import {
  compilerNames,
  type CompilerName,
} from "../../kernel/compiler/settings";
import { topics } from "./cells/list";
import { files } from "./cells/modules";
import { type Cell, inWords, type Outcome } from "./cells/notebook";
import { Player } from "./cells/player";
import { differencesPage, tablePath, tally } from "./cells/table";
import { ProjectFolder } from "./project-folder";

const folder = new ProjectFolder();
// Only `strict`, and the decorators that tslab supports, independent of the checkout's
// configuration.
folder.write(
  "tsconfig.json",
  '{ "compilerOptions": { "strict": true, "experimentalDecorators": true } }',
);
for (const [name, text] of Object.entries(files)) {
  mkdirSync(dirname(join(folder.path, name)), { recursive: true });
  folder.write(name, text);
}
after(() => folder.remove());

/** Returns the expected outcome of a cell. */
function listed([, outcome, tslab]: Cell, compiler: CompilerName): Outcome {
  return compiler === "tslab" && tslab ? tslab.outcome : outcome;
}

/** Returns the interval at which notebooks are tested with a compiler. */
const interval = (compiler: CompilerName) =>
  compiler === "tslab" && process.env["CONVNOTES_EVERY_CELL"] !== "1" ? 3 : 1;

for (const compiler of compilerNames) {
  describe(`compiler ${compiler}`, () => {
    let player: Player;
    before(() => {
      player = new Player(compiler, folder.path);
    });
    after(() => player.close());

    for (const { title: topic, notebooks } of topics) {
      describe(topic, () => {
        const chosen = notebooks.filter(
          (_, index) => index % interval(compiler) === 0,
        );
        for (const notebook of chosen) {
          test(notebook.title, async () => {
            const outcomes = await player.play(notebook);
            const lines = (outcomeOf: (cell: Cell, index: number) => Outcome) =>
              notebook.cells.map(
                (cell, index) =>
                  `${cell[0]} // ${inWords(outcomeOf(cell, index))}`,
              );
            assert.deepEqual(
              lines((_cell, index) => outcomes[index]!),
              lines((cell) => listed(cell, compiler)),
            );
          });
        }
      });
    }
  });
}

describe("the list", () => {
  test("gives a different outcome and a reason for each difference", (t) => {
    const { cells, differ } = tally();
    t.diagnostic(
      `${cells} cells: the compilers agree in ${cells - differ} and differ in ${differ}`,
    );
    assert.ok(cells >= 150);
    for (const { notebooks } of topics) {
      for (const [source, outcome, tslab] of notebooks.flatMap(
        (notebook) => notebook.cells,
      )) {
        if (tslab === undefined) continue;
        assert.notEqual(inWords(tslab.outcome), inWords(outcome), source);
        assert.match(tslab.reason, /\w.*\.$/, source);
      }
    }
  });

  test("has unique names of topics and notebooks", () => {
    const names = topics.flatMap(({ title, notebooks }) =>
      notebooks.map((notebook) => `${title}: ${notebook.title}`),
    );
    assert.equal(new Set(names).size, names.length);
  });

  test("matches docs/compiler-differences.md", () => {
    const isUpToDate = readFileSync(tablePath, "utf8") === differencesPage();
    assert.ok(isUpToDate, "Run test/kernel/cells/write-table.ts.");
  });
});
