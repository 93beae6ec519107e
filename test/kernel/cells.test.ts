/**
 * One list of cells that runs through both compilers: the checked one, and tslab's converter as its yardstick.
 *
 * The list, in `cells/`, says what each cell must come to, and where tslab's outcome is another one, which and why. Tslab takes its time:
 * every third notebook of the list runs through it here, all of them in `npm run test:long -- long/compiler-tslab`.
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
// Nothing but strict, whatever the checkout's own configuration asks for, and the decorators that tslab has.
folder.write(
  "tsconfig.json",
  '{ "compilerOptions": { "strict": true, "experimentalDecorators": true } }',
);
for (const [name, text] of Object.entries(files)) {
  mkdirSync(dirname(join(folder.path, name)), { recursive: true });
  folder.write(name, text);
}
after(() => folder.remove());

/** The outcome that the list has for a cell. */
function listed([, outcome, tslab]: Cell, compiler: CompilerName): Outcome {
  return compiler === "tslab" && tslab ? tslab.outcome : outcome;
}

/** Of every so many notebooks, one runs through a compiler. */
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
  test("says of each difference what it is, and why", (t) => {
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

  test("has names of its own for topics and notebooks", () => {
    const names = topics.flatMap(({ title, notebooks }) =>
      notebooks.map((notebook) => `${title}: ${notebook.title}`),
    );
    assert.equal(new Set(names).size, names.length);
  });

  test("is what docs/compiler-differences.md has been written from", () => {
    const isUpToDate = readFileSync(tablePath, "utf8") === differencesPage();
    assert.ok(isUpToDate, "Run test/kernel/cells/write-table.ts.");
  });
});
