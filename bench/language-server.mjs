/**
 * Benchmarks the language server: the time from a change of a cell (`didChange`) to its errors
 * (`publishDiagnostics`) in a large notebook.
 *
 * The peer is the notebook as a whole: the time from opening it to the last cell's errors.
 */
import os from "node:os";
import { writeFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { benchDocument } from "./document.mjs";
import { Editor } from "./language-server/editor.mjs";
import { sessions } from "./native-checker/cells.mjs";
import { choose, outputFile, wholeNumber } from "./options.mjs";
import { median } from "./statistics.mjs";
import { textTable } from "./text-table.mjs";

/** The text for `--help`. */
export const help = `Usage: npm run bench -- language-server [options]

Opens a notebook in the language server, types into cells all over it, and prints in milliseconds: the time until all
cells are checked after opening, and the time from a change of a cell to its errors (median, 95th percentile, most).
Also prints the server's mean CPU time for a change, with the check of the later cells that depend on it.

  --sessions A,B  some of ${Object.keys(sessions).join(", ")} (default: all)
  --forms A,B     cells (a document for each cell, as VS Code sends a notebook), joined (one document, as JupyterLab does)
                  (default: all)
  --cells N       cells of the notebook (default: 200)
  --edits N       changes (default: 60)
  --json FILE     write the values of every change to FILE`;

const forms = { cells: "a document for each cell", joined: "one document" };

/**
 * How long the editor waits after each answer, in milliseconds: about the pause between two keys.
 */
const pauseMilliseconds = 150;

/** Distance between the cells that are changed in turn; it has no common divisor with 200. */
const stride = 37;

/** The options, as for parseArgs. */
export const options = {
  sessions: { type: "string" },
  forms: { type: "string" },
  cells: { type: "string", default: "200" },
  edits: { type: "string", default: "60" },
  json: { type: "string" },
};

/**
 * Runs the benchmark.
 *
 * @param {Record<string, any>} values The values of the options.
 * @returns {Promise<number>} The exit code.
 * @throws {import("./bench-error.mjs").BenchError} If an option is invalid.
 */
export async function run(values) {
  const json = outputFile("--json", values.json);
  const names = choose("--sessions", values.sessions, Object.keys(sessions));
  const chosen = choose("--forms", values.forms, Object.keys(forms));
  const cells = wholeNumber("--cells", values.cells, 2);
  const edits = wholeNumber("--edits", values.edits, 1);
  const processor = os.cpus()[0]?.model ?? "unknown processor";
  console.log(
    `${processor}, ${os.cpus().length} cores, Node ${process.version}; ${cells} cells, ${edits} changes\n`,
  );
  const results = [];
  for (const session of names) {
    for (const form of /** @type {(keyof typeof forms)[]} */ (chosen)) {
      const measured = await measure(form, session, cells, edits);
      results.push({ title: `${session}: ${forms[form]}`, ...measured });
    }
  }
  console.log(
    textTable(
      [
        ...["ms", "opening", "change", "95 %", "most"],
        ...["CPU", "change / opening"],
      ],
      results.map(({ title, opening, times, processor }) => {
        const middle = median(times);
        return [
          title,
          opening.toFixed(0),
          middle.toFixed(1),
          quantile(times, 0.95).toFixed(1),
          Math.max(...times).toFixed(1),
          processor.toFixed(1),
          (middle / opening).toFixed(4),
        ];
      }),
    ),
  );
  if (json !== undefined) {
    const rows = results.map(({ title, opening, times }) => ({
      title,
      runs: {
        opening: [{ milliseconds: opening }],
        change: times.map((milliseconds) => ({ milliseconds })),
      },
    }));
    writeFileSync(
      json,
      benchDocument("language-server", { cells, edits }, rows),
    );
    console.log(`Wrote all values to ${json}.`);
  }
  return 0;
}

/**
 * @param {keyof typeof forms} form
 * @param {string} session
 * @param {number} cells
 * @param {number} edits
 */
async function measure(form, session, cells, edits) {
  const texts = Array.from({ length: cells }, (_, index) =>
    sessions[session].cell(index),
  );
  const editor = new Editor(form, texts);
  try {
    const opening = await editor.open();
    const times = [];
    const before = editor.processorTime;
    for (let edit = 0; edit < edits; edit += 1) {
      const cell = (edit * stride) % cells;
      await sleep(pauseMilliseconds);
      times.push(
        await editor.edit(
          cell,
          `${texts[cell]}\nconst typed${edit} = ${edit};`,
        ),
      );
    }
    const processor = (editor.processorTime - before) / edits;
    return { opening, times, processor };
  } finally {
    await editor.close();
  }
}

/**
 * @param {number[]} numbers
 * @param {number} share
 */
function quantile(numbers, share) {
  const sorted = [...numbers].sort((one, other) => one - other);
  return sorted[Math.ceil(share * sorted.length) - 1];
}
