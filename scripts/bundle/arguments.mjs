// The command line of `npm run bundle`.

import { parseArgs } from "node:util";
import path from "node:path";
import { coded } from "../../src/engine/setup/coded-error.mjs";
import { inProject } from "../setup/project.mjs";

/** Where the bundle goes without `--out`. */
const defaultFolder = inProject("out", "convnotes-bundle");

export const helpText = `npm run bundle -- [--data NAME]... [--out FOLDER]

Makes a folder for machines without a network: the project, and all that setup would download. There, \`npm run setup\`
and all other commands use it. It works on machines with the platform, the major version of Node and the minor version
of Python of this one.

  --data NAME   includes a data set that is on this machine (npx convnotes data list); may be repeated
  --out FOLDER  a new folder; out/convnotes-bundle by default
  -h, --help    this text

The folder contains the files that git tracks, and bundle/ with Node's packages, wheels, data sets and manifest.json, a
digest of every file. It takes about 0.7 GB, and 0.2 GB more with CIFAR-10.`;

/**
 * @param {string[]} parameters What follows \`npm run bundle --\`.
 * @returns {{ dataSets: string[], folder: string, help: boolean }} Each data set once, in the given
 *   order; the folder as an absolute path.
 * @throws {Error} `ERR_USAGE` for an unknown option, or a value that is missing.
 */
export function parseArguments(parameters) {
  const { tokens } = parseArgs({
    args: parameters,
    options: { data: { type: "string" }, out: { type: "string" } },
    strict: false,
    allowPositionals: true,
    tokens: true,
  });
  /** @type {string[]} */
  const dataSets = [];
  let folder = defaultFolder;
  let help = false;
  for (const token of tokens ?? []) {
    if (token.kind === "option-terminator") continue;
    if (token.kind === "option" && ["help", "h"].includes(token.name)) {
      help = true;
      continue;
    }
    if (token.kind !== "option" || !["data", "out"].includes(token.name)) {
      const received = token.kind === "option" ? token.rawName : token.value;
      throw usage(
        `Expected the options --data, --out and --help, received "${received}"`,
      );
    }
    if (!token.value || (!token.inlineValue && token.value.startsWith("-")))
      throw usage(
        `Expected ${token.rawName} to have a value, received ${token.value ? `"${token.value}"` : "none"}`,
      );
    if (token.name === "data") dataSets.push(token.value);
    else folder = path.resolve(process.env.INIT_CWD ?? "", token.value);
  }
  return { dataSets: [...new Set(dataSets)], folder, help };
}

/** @param {string} message */
function usage(message) {
  return coded("ERR_USAGE", new Error(message));
}
