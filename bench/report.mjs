/**
 * `npm run bench -- report`: writes the tables of the documents from the results in bench/results/
 * and from the runs stored in the notebooks.
 */
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { basename, join } from "node:path";
import { format, resolveConfig } from "prettier";
import { lessonNumbers } from "../scripts/lessons/arguments.mjs";
import { BenchError } from "./bench-error.mjs";
import { root } from "./job.mjs";
import { jsonFile } from "./options.mjs";
import { condensed } from "./report-results.mjs";
import { tables } from "./report-tables.mjs";

/** The text for `--help`. */
export const help = `Usage: npm run bench -- report [options]

Writes the tables between "<!-- table: NAME -->" and "<!-- end -->" in README.md and docs/*.md. The values come from
bench/results/NAME.json; those of the table "lessons" come from the full runs stored in notebooks/. The table of
another machine is "<!-- table: NAME, results: FILE -->", with its values in bench/results/FILE.json.

  --add FILE  first store the medians and ranges of FILE, which a benchmark wrote with --json
  --as NAME   name under which to store them (default: the name of FILE)
  --check     write nothing; exit with 1 if a document is not up to date`;

const resultsFolder = join(root, "bench", "results");

/** The options, as for parseArgs. */
export const options = {
  add: { type: "string" },
  as: { type: "string" },
  check: { type: "boolean" },
};

/**
 * Runs the command.
 *
 * @param {Record<string, any>} values The values of the options.
 * @returns {Promise<number>} The exit code: 1 if `--check` finds a document that is not up to
 * date.
 * @throws {BenchError} If an option is invalid, or a document names a table without results.
 */
export async function run(values) {
  if (values.as !== undefined && values.add === undefined)
    throw new BenchError(
      "ERR_USAGE",
      `Expected --add with --as, received only --as "${values.as}".`,
    );
  if (values.add !== undefined) {
    const name = values.as ?? basename(values.add, ".json");
    if (!/^[\w-]+$/.test(name))
      throw new BenchError(
        "ERR_USAGE",
        `Expected --as to be a name of letters, digits and hyphens, received "${name}".`,
      );
    const figures = condensed(results(values.add));
    const file = join(resultsFolder, `${name}.json`);
    writeFileSync(
      file,
      await format(JSON.stringify(figures), { parser: "json" }),
    );
    console.log(`Stored bench/results/${name}.json.`);
  }
  const outdated = [];
  for (const document of documents()) {
    const file = join(root, document);
    const before = readFileSync(file, "utf8");
    const after = await withTables(before, file);
    if (after === before) continue;
    outdated.push(document);
    if (!values.check) writeFileSync(file, after);
  }
  const verb = values.check ? "Not up to date" : "Updated";
  console.log(
    outdated.length === 0
      ? "All tables are up to date."
      : `${verb}: ${outdated.join(", ")}.`,
  );
  return values.check && outdated.length > 0 ? 1 : 0;
}

/**
 * @param {string} file
 * @returns {any} The document that a benchmark wrote.
 * @throws {BenchError} If it is not one.
 */
function results(file) {
  const document = jsonFile("--add", file);
  const isOne =
    typeof document?.date === "string" &&
    Array.isArray(document.results) &&
    document.results.every((/** @type {any} */ row) => row?.runs !== undefined);
  if (isOne) return document;
  throw new BenchError(
    "ERR_USAGE",
    `Expected --add to be a file that a benchmark wrote with --json, received "${file}".`,
  );
}

/** @returns {string[]} The documents that may contain tables. */
function documents() {
  const pages = readdirSync(join(root, "docs")).filter((name) =>
    name.endsWith(".md"),
  );
  return ["README.md", ...pages.map((name) => join("docs", name))];
}

/**
 * @param {string} text A document.
 * @param {string} file Its path, for Prettier's options.
 * @returns {Promise<string>} The document with new tables.
 */
async function withTables(text, file) {
  const marked =
    /(<!-- table: ([\w-]+)(?:, results: ([\w-]+))? -->\n)[^]*?(<!-- end -->)/g;
  const filled = text.replaceAll(marked, (_, begin, name, results, end) => {
    return `${begin}\n${tableOf(name, results)}\n\n${end}`;
  });
  if (filled === text && !marked.test(text)) return text;
  return format(filled, { ...(await resolveConfig(file)), filepath: file });
}

/**
 * @param {string} name
 * @param {string} [results] The name of its results, if they are not its usual ones.
 * @returns {string} The table as Markdown.
 * @throws {BenchError} If there is no such table, or no such results.
 */
function tableOf(name, results) {
  if (name === "lessons") return lessonTable();
  const table = tables[name];
  if (table === undefined) {
    throw new BenchError(
      "ERR_USAGE",
      `Expected a table to be one of lessons, ${Object.keys(tables).join(", ")}, received "${name}".`,
    );
  }
  const file = join(resultsFolder, `${results ?? table.results}.json`);
  if (!existsSync(file)) {
    throw new BenchError(
      "ERR_USAGE",
      `Expected the results of a table to be in bench/results/, received "${results ?? table.results}".`,
    );
  }
  return table.write(JSON.parse(readFileSync(file, "utf8")));
}

/** @returns {string} The lessons' stored full runs compared with their sources'. */
function lessonTable() {
  const load = createRequire(import.meta.url);
  load("ts-node").register({ transpileOnly: true, cwd: root });
  const { storedResultsMarkdown } = load(
    "../scripts/lessons/stored-results-markdown.ts",
  );
  return storedResultsMarkdown(root, lessonNumbers(root));
}
