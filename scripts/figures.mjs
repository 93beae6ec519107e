// `npm run figures`: draws every kind of figure, grid and table of the library, as PNG files and a
// page that shows them beside their references.
//
//   npm run figures -- history confusion    draws those whose names contain these words
//   npm run figures -- --update             renews the references of the test

import path from "node:path";
import { createRequire } from "node:module";
import { parseArgs } from "node:util";
import { setup } from "./setup.mjs";
import { inProject, outputFolder, root, shown } from "./setup/project.mjs";

const help = `npm run figures -- [name ...] [--update] [--help]

Draws the figures, grids and tables of the library from small fixed inputs, in a local Chromium, Chrome or Edge, and
compares them with the references in test/plots/references/. Writes out/figures/index.html, which needs no network.

  name         draw only what has this in its name; all by default
  --update     renew the references that differ or are missing, and delete those of nothing; with names, renew just
               these
  --help, -h   print this text`;

/** Returns the exit code: 0, 1 without a browser, or 2 for invalid arguments. */
async function main() {
  let parsed;
  try {
    parsed = parseArgs({
      allowPositionals: true,
      options: {
        update: { type: "boolean" },
        help: { type: "boolean", short: "h" },
      },
    });
  } catch {
    return refuse(
      `Expected names and the options --update and --help, received ${process.argv.slice(2).join(" ")}\n\n${help}`,
    );
  }
  const { values, positionals: names } = parsed;
  if (values.help) {
    console.log(help);
    return 0;
  }
  await setup({ quiet: true });
  process.env.TF_CPP_MIN_LOG_LEVEL ??= "2";
  const load = createRequire(import.meta.url);
  load("ts-node").register({ transpileOnly: true, cwd: root });
  const { drawGallery } = load("./figures/draw-gallery.ts");
  const started = performance.now();
  let result;
  try {
    result = await drawGallery({
      folder: path.join(outputFolder, "figures"),
      names,
      update: values.update === true,
      report: showProgress,
    });
  } catch (error) {
    const { code, message } = /** @type {NodeJS.ErrnoException} */ (error);
    if (code === "ERR_UNKNOWN_NAME") return refuse(message);
    if (!(error instanceof Error) || error.name !== "NoBrowserError")
      throw error;
    console.error(
      `${error.message}.\n  To fix it: install one, for example with \`apt-get install chromium\`, so that its command is on the path.`,
    );
    return 1;
  }
  showResult(result, (performance.now() - started) / 1_000);
  return 0;
}

/** @type {(done: number, total: number, name: string) => void} */
function showProgress(done, total, name) {
  const line = `  ${done + 1} of ${total}: ${name}`;
  if (process.stdout.isTTY) process.stdout.write(`\r\x1b[K${line}`);
  else console.log(line);
}

/**
 * @param {import("./figures/draw-gallery.js").GalleryResult} result
 * @param {number} seconds
 */
function showResult({ page, drawn, written, deleted }, seconds) {
  if (process.stdout.isTTY) process.stdout.write("\r\x1b[K");
  console.log(
    `Drew ${drawn.length} images in ${seconds.toFixed(1)} s: ${shown(page)}`,
  );
  const list = (/** @type {string} */ words, /** @type {string[]} */ names) => {
    if (names.length > 0) console.log(`  ${words}: ${names.join(", ")}`);
  };
  const inState = (/** @type {string} */ state) =>
    drawn.filter((one) => one.state === state).map(({ name }) => name);
  list("unlike their references", inState("changed"));
  list("without a reference", inState("new"));
  const folder = shown(inProject("test", "plots", "references"));
  list(`written to ${folder}`, [...written]);
  list(`deleted from ${folder}`, [...deleted]);
}

/**
 * @param {string} message
 * @returns {number} The exit code.
 */
function refuse(message) {
  console.error(message);
  return 2;
}

process.exitCode = await main();
