// Lists the files of the extension of JupyterLab: a panel of variables, and figures at their size.
//
// It needs no build: its modules in `page/` are served as they are.

import { createHash } from "node:crypto";
import fs from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";

/** The name of the extension. */
export const extensionName = "@convnotes/lab-variables";

/** The folder of the extension, below `share/jupyter`. */
export const extensionFolder = `labextensions/${extensionName}`;

const here = path.dirname(fileURLToPath(import.meta.url));

/**
 * Returns the files of the extension: their paths below `share/jupyter`, with their contents. The
 * folder of the modules is named by their digest, so that browsers do not use former ones.
 *
 * @returns {Record<string, string>}
 */
export function extensionFiles() {
  const modules = fs
    .readdirSync(path.join(here, "page"))
    .filter((name) => name.endsWith(".mjs"))
    .sort()
    .map((name) => ({ name, text: read("page", name) }));
  const digest = createHash("sha256")
    .update(JSON.stringify(modules))
    .digest("hex")
    .slice(0, 12);
  const description = {
    name: extensionName,
    version: JSON.parse(read("..", "package.json")).version,
    description:
      "Shows the variables of a TypeScript notebook, and stored figures at their size",
    license: "Apache-2.0",
    jupyterlab: {
      extension: true,
      _build: {
        load: `static/${digest}/remote-entry.mjs`,
        extension: "./extension",
      },
    },
  };
  return {
    [`${extensionFolder}/package.json`]: `${JSON.stringify(description, undefined, 2)}\n`,
    ...Object.fromEntries(
      modules.map(({ name, text }) => [
        `${extensionFolder}/static/${digest}/${name}`,
        text,
      ]),
    ),
  };
}

/** @param {...string} parts */
function read(...parts) {
  return fs.readFileSync(path.join(here, ...parts), "utf8");
}
