// Sets up from a bundle: a checkout with a folder bundle/, which has everything that setup would
// download. `npm run bundle` makes it.

import fs from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { pathToFileURL } from "node:url";
import {
  SetupError,
  commandToRepeat,
} from "../../src/engine/setup/setup-error.mjs";
import { hashFiles, writeAtomically } from "../../src/engine/setup/stamp.mjs";
import {
  compareFiles,
  manifestFile,
  platform,
  readManifest,
} from "../bundle/manifest.mjs";
import { lockWithTarballs } from "../bundle/tarballs.mjs";
import { inProject, root } from "./project.mjs";

const folder = inProject("bundle");
const dataFolder = path.join(folder, "data");
const tarballs = path.join(folder, "npm");
/** npm reads it in place of package-lock.json; it exists while npm runs. */
const substitute = inProject("npm-shrinkwrap.json");
/** How many files a message names. */
const shownFiles = 3;

/** Whether the checkout is a bundle. */
export const hasBundle = fs.existsSync(folder);

/** @returns {import("../bundle/manifest.mjs").Contents} The bundle's contents. */
function contents() {
  try {
    return readManifest(root);
  } catch (error) {
    const { code, message } =
      /** @type {Error & { code: import("../../src/engine/setup/setup-error.mjs").ErrorCode }} */ (
        error
      );
    throw new SetupError(code, `${message}.`, copyAgain());
  }
}

/** @returns {string | undefined} The Python version of the bundle's wheels. */
export function bundledPython() {
  return hasBundle ? contents().machine.python : undefined;
}

/**
 * Checks that the bundle is for this machine and complete, and makes npm, pip and uv use nothing
 * else.
 *
 * @param {AbortSignal} interruption
 * @throws {SetupError} If the bundle is for another platform or version of Node, or a file of it is
 *   missing or damaged. Python is checked when it is looked for.
 */
export async function enterBundle(interruption) {
  const bundle = contents();
  const { machine } = bundle;
  if (machine.platform !== platform())
    throw new SetupError(
      "ERR_UNSUPPORTED",
      `Expected the machine that the bundle is for (${machine.platform}), found another one (${platform()}).`,
      "make a bundle on a machine like this one",
    );
  const node = process.versions.node.split(".")[0];
  if (machine.node !== node)
    throw new SetupError(
      "ERR_VERSION",
      `Expected Node.js ${machine.node}, for which the bundle has packages, found ${process.version}.`,
      `install Node.js ${machine.node} beside it, then ${commandToRepeat()}`,
    );
  console.log("  bundle: comparing its files with their digests");
  const { missing, changed } = await compareFiles(root, bundle, interruption);
  const damaged = changed.filter((name) => name.startsWith("bundle/"));
  for (const [names, what] of /** @type {const} */ ([
    [missing, "missing"],
    [damaged, "damaged"],
  ]))
    if (names.length > 0)
      throw new SetupError(
        what === "missing" ? "ERR_FILE_MISSING" : "ERR_FILE_DAMAGED",
        `Expected the bundle to be complete, found ${listed(names)} ${what}.`,
        copyAgain(),
      );
  const edited = changed.filter((name) => !damaged.includes(name));
  if (edited.length > 0)
    console.log(`    changed since the bundle was made: ${listed(edited)}`);
  useOnlyBundle();
}

/** Points npm, pip and uv to the bundle. */
function useOnlyBundle() {
  process.env.npm_config_offline = "true";
  process.env.npm_config_update_notifier = "false";
  process.env.UV_OFFLINE = "1";
  process.env.PIP_NO_INDEX = "1";
  // As a URL, because pip separates places by spaces.
  process.env.PIP_FIND_LINKS = pathToFileURL(path.join(folder, "wheels")).href;
}

/**
 * Runs npm with a lock file that names the bundle's tarballs.
 *
 * @template T
 * @param {() => Promise<T>} work
 * @returns {Promise<T>} The work's result.
 */
export async function withTarballs(work) {
  // One may be left of a run that was killed.
  fs.rmSync(substitute, { force: true });
  if (!hasBundle) return work();
  const lock = JSON.parse(
    fs.readFileSync(inProject("package-lock.json"), "utf8"),
  );
  const names = new Set(fs.readdirSync(tarballs));
  const changed = lockWithTarballs(lock, "bundle/npm", (name) =>
    names.has(name),
  );
  writeAtomically(substitute, JSON.stringify(changed, undefined, 2));
  try {
    return await work();
  } finally {
    fs.rmSync(substitute, { force: true });
  }
}

/**
 * Step: puts the bundle's data sets into the user's cache. It runs after the packages are
 * installed, because the library knows where the cache is.
 *
 * @type {import("../../src/engine/setup/step.mjs").Step}
 */
export const bundledData = {
  name: "data sets (from the bundle)",
  stamp: path.join(folder, "data-sets.json"),
  folder,
  bytes: 0.2e9,
  makes: () => [],
  inputs: () => ({ "the bundle": hashFiles([manifestFile(root)]) }),

  async run({ interruption, report }) {
    const { dataSets } = contents();
    if (dataSets.length === 0) return;
    const load = createRequire(import.meta.url);
    load("ts-node").register({ transpileOnly: true, cwd: root });
    const { installDataSet } = load("../bundle/data-sets.ts");
    for (const name of dataSets) {
      interruption.throwIfAborted();
      report(name);
      await installDataSet(name, dataFolder).catch(
        (/** @type {Error & { code: any }} */ error) => {
          throw new SetupError(
            error.code,
            `${error.message}.`,
            `npx convnotes data clear ${name}, then ${commandToRepeat()}`,
          );
        },
      );
    }
  },
};

/** @param {string[]} names */
function listed(names) {
  const more = names.length - shownFiles;
  return (
    names.slice(0, shownFiles).join(", ") +
    (more > 0 ? ` and ${more} more` : "")
  );
}

function copyAgain() {
  return `copy the whole bundle again, then ${commandToRepeat()}; or remove ${folder} to use the registries`;
}
