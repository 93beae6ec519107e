// `npm run handouts`: makes files for a class from executed notebooks: a website, pages, PDFs,
// slides, copies for students, and one file of it all.

import path from "node:path";
import { createRequire } from "node:module";
import { parseArgs } from "node:util";
import { setup } from "./setup.mjs";
import { interruptible } from "../src/engine/setup/interruption.mjs";
import { Interrupted } from "../src/engine/setup/setup-error.mjs";
import { inProject, outputFolder, root } from "./setup/project.mjs";

const help = `npm run handouts -- [NAME ...] [--only STEP,...] [--notebooks FOLDER ...] [--out FOLDER] [--help]

Makes files for a class from the notebooks as they were run, and a start page that links to them, out/handouts/index.html.

  NAME                a notebook: lesson-0 to lesson-4, lab-1 to lab-4, gallery, techniques; all by default
  --only STEP,...     only these steps, separated by commas; the other handouts stay as they are:
                        site     the course as a website
                        pages    a page of each notebook: one HTML file with everything it needs
                        pdf      a PDF of each notebook and of the course as a book, in A4 and in Letter
                        slides   slides of each notebook
                        copies   each notebook for students, with gaps, and with solutions
                        zip      all handouts in one file, for a learning platform
  --notebooks FOLDER  where executed notebooks are; notebooks/ by default, which has full runs of the lessons.
                        npm start writes its runs to out/. May be repeated: the first folder that has a notebook wins
  --out FOLDER        where the handouts are written; out/handouts by default
  --help, -h          print this text

A notebook without outputs has copies, but no page: a page shows a run. The command says how to run it.

Figures are drawn as images by a local Chromium, Chrome or Edge. A step replaces all that it made before. Everything is
put in place at the end, so that an interrupted run changes nothing.

Exit code: 0, 1 if something could not be made, 2 for invalid arguments, 130 after Ctrl-C.`;

/** Returns the exit code. */
async function main() {
  let parsed;
  try {
    parsed = parseArgs({
      allowPositionals: true,
      options: {
        only: { type: "string", multiple: true },
        notebooks: { type: "string", multiple: true },
        out: { type: "string" },
        help: { type: "boolean", short: "h" },
      },
    });
  } catch {
    return refuse(
      `Expected names of notebooks and the options --only, --notebooks, --out and --help, received ${process.argv.slice(2).join(" ")}`,
    );
  }
  const { values, positionals } = parsed;
  if (values.help) {
    console.log(help);
    return 0;
  }
  // npm runs scripts in the project's root; INIT_CWD is the folder it was called in.
  const folder = process.env.INIT_CWD ?? process.cwd();
  const absolute = (/** @type {string} */ name) => path.resolve(folder, name);
  await setup({ quiet: true });
  const load = createRequire(import.meta.url);
  load("ts-node").register({ transpileOnly: true, cwd: root });
  const { makeHandouts } = load("./handouts/make-handouts.ts");
  try {
    const succeeded = await interruptible((signal) =>
      makeHandouts({
        names: positionals,
        only: (values.only ?? []).flatMap((list) =>
          list.split(",").filter((name) => name !== ""),
        ),
        notebooks: values.notebooks?.map(absolute) ?? [inProject("notebooks")],
        out:
          values.out === undefined
            ? path.join(outputFolder, "handouts")
            : absolute(values.out),
        signal,
        log: (/** @type {string} */ line) => console.log(line),
      }),
    );
    return succeeded ? 0 : 1;
  } catch (error) {
    const { code, message } = /** @type {NodeJS.ErrnoException} */ (error);
    if (code === "ERR_INTERRUPTED" || error instanceof Interrupted) {
      console.error("Stopped. The handouts are as they were before.");
      return 130;
    }
    if (code === "ERR_UNKNOWN_NAME") return refuse(message, "");
    if (code === undefined || code === "ERR_INTERNAL") throw error;
    console.error(message);
    return 1;
  }
}

/**
 * @param {string} message
 * @param {string} [after]
 * @returns {number} The exit code.
 */
function refuse(message, after = `\n\n${help}`) {
  console.error(`${message}${after}`);
  return 2;
}

try {
  process.exitCode = await main();
} catch (error) {
  // Ctrl-C during setup.
  if (!(error instanceof Interrupted)) throw error;
  process.exitCode = 130;
}
