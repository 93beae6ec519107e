/**
 * Implements `convnotes kernel packages`, which notes in a notebook's metadata what its cells have
 * installed, and installs what is noted.
 */
import { dirname, resolve } from "node:path";
import { writeAtomically } from "../compiler/project/atomic-write";
import {
  notedPackages,
  readNotebook,
  withPackages,
} from "../magics/noted-packages";
import { Installer } from "../magics/runtime/install/installer";
import { CommandError, type Subcommand, textOption } from "./subcommand";

/** Notes or installs the packages of one notebook. */
export const packages: Subcommand = {
  summary: "Note or install the packages of a notebook",
  description: `Copies the exact versions that %install has noted in a notebook's outputs to its metadata (convnotes.packages),
where they stay when outputs are cleared. With --install, installs the noted versions beside the notebook
instead, or those of a package.json there, as %install without names does. Close the notebook first.`,
  options: {
    notebook: {
      type: "string",
      value: "FILE",
      help: "The notebook (.ipynb).",
    },
    install: {
      type: "boolean",
      help: "Install what is noted.",
    },
  },

  async run(values) {
    const given = textOption(values, "notebook");
    if (given === undefined) {
      throw new CommandError(
        "ERR_USAGE",
        "Expected a notebook, received none. Use --notebook FILE.",
      );
    }
    const path = resolve(given);
    try {
      return values.install === true ? await install(path) : note(path);
    } catch (error) {
      const { code } = error as { code?: unknown };
      if (!(error instanceof Error) || typeof code !== "string") throw error;
      throw new CommandError(code as CommandError["code"], error.message);
    }
  },
};

function note(path: string): number {
  const notebook = readNotebook(path);
  const noted = notedPackages(notebook);
  const list = Object.entries(noted).map((each) => each.join(" "));
  if (list.length === 0) {
    throw new CommandError(
      "ERR_INVALID_STATE",
      `Expected a notebook that has run %install, found no versions in the outputs of ${path}.`,
    );
  }
  // As Jupyter writes it.
  const text = JSON.stringify(withPackages(notebook, noted), undefined, 1);
  writeAtomically(path, `${text}\n`);
  console.log(`Noted in ${path}: ${list.join(", ")}`);
  return 0;
}

async function install(path: string): Promise<number> {
  readNotebook(path);
  const installer = new Installer({
    notebookFolder: dirname(path),
    notebook: path,
    print: (text) => process.stdout.write(text),
    show: (bundle) => console.log(bundle["text/plain"]),
  });
  await installer.run("");
  return 0;
}
