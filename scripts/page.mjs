// `npm run page`: makes a page of any executed notebook, which opens in any browser without a
// network.

import path from "node:path";
import { parseArgs } from "node:util";
import { setup } from "./setup.mjs";
import { run } from "../src/engine/setup/command.mjs";
import { interruptible } from "../src/engine/setup/interruption.mjs";
import {
  environmentPython,
  inProject,
  projectVariables,
} from "./setup/project.mjs";
import { Interrupted } from "../src/engine/setup/setup-error.mjs";

const help = `npm run page -- NOTEBOOK.ipynb [...] [--out FOLDER] [--images] [--help]

Makes a page of each notebook, as it was run last: one HTML file that opens in any browser, without a network. Figures
are drawn as images by a local Chromium, Chrome or Edge; without one, the page has the figures only for browsers with
JavaScript.

  --out FOLDER   the folder of the pages; by default, that of each notebook
  --images       also store the images in the notebooks, beside the figures, for code hosts, slides, LaTeX, Markdown
  --help, -h     print this text

JupyterLab's File > Save and Export > HTML (npm run lab) and
.venv/bin/jupyter nbconvert --to html --template convnotes NOTEBOOK.ipynb make the same page, with the images that the
notebook has.`;

/** Returns the exit code: 0, 1 if a notebook cannot be exported, or 2 for invalid arguments. */
async function main() {
  let parsed;
  try {
    parsed = parseArgs({
      allowPositionals: true,
      options: {
        out: { type: "string" },
        images: { type: "boolean" },
        help: { type: "boolean", short: "h" },
      },
    });
  } catch {
    return refuse(
      `Expected notebooks and the options --out, --images and --help, received ${process.argv.slice(2).join(" ")}`,
    );
  }
  const { values, positionals } = parsed;
  if (values.help) {
    console.log(help);
    return 0;
  }
  if (positionals.length === 0)
    return refuse("Expected at least one notebook, received none");
  // npm runs scripts in the project's root; INIT_CWD is the folder it was called in.
  const folder = process.env.INIT_CWD ?? process.cwd();
  const program = inProject("scripts", "lessons", "export.py");
  await setup({ quiet: true });
  const { code } = await interruptible((interruption) =>
    run(
      environmentPython,
      [
        program,
        ...positionals.map((name) => path.resolve(folder, name)),
        ...(values.out === undefined
          ? []
          : ["--out", path.resolve(folder, values.out)]),
        ...(values.images ? ["--images"] : []),
      ],
      { interruption, variables: projectVariables(), inherit: true },
    ),
  );
  return code;
}

/**
 * @param {string} message
 * @returns {number} The exit code.
 */
function refuse(message) {
  console.error(`${message}\n\n${help}`);
  return 2;
}

try {
  process.exitCode = await main();
} catch (error) {
  if (!(error instanceof Interrupted)) throw error;
}
