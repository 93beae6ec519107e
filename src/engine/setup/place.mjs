// Paths of everything that setup reads or creates for the engine.
// The same modules set up two places: the checkout, from its scripts, and a project that has
// installed the package @convnotes/engine, from `npx convnotes engine setup`. In the checkout the
// Python environment and the log are in the checkout; in a project they are in the user's cache, so
// that all projects share them.

import fs from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";

/** Folder of the engine: its package, or src/engine in the checkout. */
const engineFolder = fileURLToPath(new URL("..", import.meta.url)).replace(
  /\/$/,
  "",
);

const modules = `${path.sep}node_modules${path.sep}`;

/** Whether this is an installed package rather than the checkout. */
export const isInstalled = `${engineFolder}${path.sep}`.includes(modules);

/** Absolute path of the checkout, or of the project that has installed the engine. */
export const root = isInstalled
  ? engineFolder.slice(0, engineFolder.indexOf(modules))
  : path.resolve(engineFolder, "..", "..");

/**
 * The folder that all projects share.
 *
 * @returns {Promise<string>}
 */
async function sharedFolder() {
  // Not at the top: in a fresh checkout, no package is installed yet.
  const { default: envPaths } = await import("env-paths");
  const { cache } = envPaths("convnotes", { suffix: "" });
  return path.join(cache, "engine");
}

const cacheFolder = isInstalled ? await sharedFolder() : undefined;

/** The Python environment, whose wheel of TensorFlow contains libtensorflow. */
export const environmentFolder = cacheFolder
  ? path.join(cacheFolder, "python")
  : path.join(root, ".venv");
/** The environment's Python. */
export const environmentPython = path.join(environmentFolder, "bin", "python");
/** Node's packages. */
export const packagesFolder = path.join(root, "node_modules");
/** Files that setup needs while it runs. */
export const workFolder = cacheFolder ?? path.join(root, "out", "setup");
/** The tools' complete output during the latest setup. */
export const logFile = path.join(workFolder, "log.txt");
/** Held while setup or clean runs. */
export const lockFile = path.join(workFolder, "lock");

/** The native training step: its source, and the folder that it is compiled to. */
export const nativeFolders = {
  source: inEngine("native", "cpp"),
  built: isInstalled
    ? inEngine("dist", "native", "build")
    : inEngine("native", "build"),
};

/**
 * Where a project's native training steps are kept: an `npm ci` removes those in its packages.
 * Undefined in the checkout.
 */
export const keptFolder = cacheFolder && path.join(cacheFolder, "native-steps");

/** The pinned and hashed requirements of TensorFlow and of Zig's compiler. */
export const requirements = {
  tensorflow: isInstalled
    ? inEngine("setup", "requirements-tensorflow.txt")
    : path.join(root, "requirements.txt"),
  compiler: isInstalled
    ? inEngine("setup", "requirements-compiler.txt")
    : path.join(root, "requirements-compiler.txt"),
};

/**
 * @param {...string} parts Path in the engine's folder.
 * @returns {string} The absolute path.
 */
export function inEngine(...parts) {
  return path.join(engineFolder, ...parts);
}

/**
 * @param {string} file An absolute path.
 * @returns {string} The path relative to the checkout or project if the file is in it.
 */
export function shown(file) {
  const relative = path.relative(root, file);
  return relative.startsWith("..") ? file : relative || ".";
}

/**
 * Finds the folder of the environment's Python packages, whose name contains Python's version.
 *
 * @returns {string | undefined} Absolute path, or undefined if there is no environment.
 */
export function sitePackages() {
  const library = path.join(environmentFolder, "lib");
  if (!fs.existsSync(library)) return undefined;
  return fs
    .readdirSync(library)
    .filter((name) => name.startsWith("python3."))
    .map((name) => path.join(library, name, "site-packages"))
    .find((folder) => fs.existsSync(folder));
}

/**
 * Finds an npm package as Node does when the engine imports it.
 *
 * @param {string} name
 * @returns {string} Its folder; where it will be installed if it is not.
 */
export function packageFolder(name) {
  const usual = path.join(packagesFolder, name);
  if (!isInstalled) return usual;
  for (
    let folder = engineFolder;
    folder.length >= root.length;
    folder = path.dirname(folder)
  ) {
    const found = path.join(folder, "node_modules", name);
    if (fs.existsSync(path.join(found, "package.json"))) return found;
  }
  return usual;
}

/**
 * @param {string} name The name of an npm package.
 * @returns {string} Its installed version, or "nothing".
 */
export function packageVersion(name) {
  const manifest = path.join(packageFolder(name), "package.json");
  if (!fs.existsSync(manifest)) return "nothing";
  return JSON.parse(fs.readFileSync(manifest, "utf8")).version;
}
