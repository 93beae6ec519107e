// The manifest of a bundle: which machine it is for, and the digest of each of its files.
// It is written last, so a folder without one is not a complete bundle.

import crypto from "node:crypto";
import fs from "node:fs";
import path from "node:path";
import { coded } from "../../src/engine/setup/coded-error.mjs";
import { writeAtomically } from "../../src/engine/setup/stamp.mjs";

/** Number of the format, which changes when an older setup could not read the bundle. */
const format = 1;

/**
 * A machine, as far as compiled packages depend on it.
 *
 * @typedef {object} Machine
 * @property {string} platform For example "linux x64 glibc".
 * @property {string} node Node's major version.
 * @property {string} python Python's major and minor version.
 */

/**
 * @typedef {object} Contents
 * @property {string} version Of the project.
 * @property {Machine} machine What the bundle was made on, and works on.
 * @property {string[]} dataSets
 * @property {Record<string, { bytes: number, sha256: string }>} files Each file of the bundle but
 *   the manifest, by its path with slashes.
 */

/**
 * @param {string} bundle The bundle's folder, which is also the project's.
 * @returns {string} Path of its manifest.
 */
export function manifestFile(bundle) {
  return path.join(bundle, "bundle", "manifest.json");
}

/** @returns {string} This machine's platform, processor and C library. */
export function platform() {
  const { platform, arch } = process;
  if (platform !== "linux") return `${platform} ${arch}`;
  const report = /** @type {{ header: Record<string, unknown> }} */ (
    process.report.getReport()
  );
  const library = report.header.glibcVersionRuntime ? "glibc" : "musl";
  return `${platform} ${arch} ${library}`;
}

/**
 * @param {string} bundle
 * @param {Contents} contents
 */
export function writeManifest(bundle, contents) {
  writeAtomically(
    manifestFile(bundle),
    `${JSON.stringify({ format, ...contents }, undefined, 2)}\n`,
  );
}

/**
 * @param {string} bundle
 * @returns {Contents}
 * @throws {Error} `ERR_FILE_MISSING` if there is none, `ERR_FILE_FORMAT` if it is damaged or of
 *   another version of the project.
 */
export function readManifest(bundle) {
  const file = manifestFile(bundle);
  if (!fs.existsSync(file))
    throw coded(
      "ERR_FILE_MISSING",
      new Error("Expected a complete bundle, found bundle/ without a manifest"),
    );
  /** @type {unknown} */
  let value;
  try {
    value = JSON.parse(fs.readFileSync(file, "utf8"));
  } catch {
    value = undefined;
  }
  if (isManifest(value)) return value;
  throw coded(
    "ERR_FILE_FORMAT",
    new Error(
      `Expected bundle/manifest.json to have the format ${format}, received ${formatOf(/** @type {any} */ (value))}`,
    ),
  );
}

/**
 * @param {{ format?: unknown } | undefined} value
 * @returns {string} The format that a manifest names, for an error.
 */
function formatOf(value) {
  return value === undefined ? "no JSON" : String(JSON.stringify(value.format));
}

/**
 * @param {unknown} value
 * @returns {value is Contents}
 */
function isManifest(value) {
  const found = /** @type {Partial<Contents & { format: number }>} */ (
    value ?? {}
  );
  const texts = [
    found.version,
    found.machine?.platform,
    found.machine?.node,
    found.machine?.python,
  ];
  return (
    found.format === format &&
    texts.every((each) => typeof each === "string") &&
    Array.isArray(found.dataSets) &&
    typeof found.files === "object" &&
    found.files !== null &&
    Object.values(found.files).every(
      (each) =>
        typeof each?.bytes === "number" && typeof each.sha256 === "string",
    )
  );
}

/**
 * @param {string} file
 * @param {string} [algorithm]
 * @param {"hex" | "base64"} [encoding]
 * @returns {Promise<string>} The digest of a file, which is read in parts.
 */
export async function digestOf(file, algorithm = "sha256", encoding = "hex") {
  const hash = crypto.createHash(algorithm);
  for await (const part of fs.createReadStream(file)) hash.update(part);
  return hash.digest(encoding);
}

/**
 * Lists the files in a folder and its subfolders.
 *
 * @param {string} folder
 * @returns {string[]} Paths with slashes, relative to the folder, sorted.
 */
export function filesIn(folder) {
  return fs
    .readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) =>
      path
        .relative(folder, path.join(entry.parentPath, entry.name))
        .replaceAll(path.sep, "/"),
    )
    .sort();
}

/**
 * Computes the entries of a manifest.
 *
 * @param {string} bundle
 * @param {AbortSignal} interruption
 * @returns {Promise<Contents["files"]>}
 */
export async function describeFiles(bundle, interruption) {
  /** @type {Contents["files"]} */
  const files = {};
  for (const name of filesIn(bundle)) {
    interruption.throwIfAborted();
    const file = path.join(bundle, name);
    files[name] = {
      bytes: fs.statSync(file).size,
      sha256: await digestOf(file),
    };
  }
  return files;
}

/**
 * Compares the files of a bundle with its manifest.
 *
 * @param {string} bundle
 * @param {Contents} contents
 * @param {AbortSignal} interruption
 * @returns {Promise<{ missing: string[], changed: string[] }>}
 */
export async function compareFiles(bundle, contents, interruption) {
  /** @type {{ missing: string[], changed: string[] }} */
  const result = { missing: [], changed: [] };
  for (const [name, { bytes, sha256 }] of Object.entries(contents.files)) {
    interruption.throwIfAborted();
    const file = path.join(bundle, name);
    const status = fs.statSync(file, { throwIfNoEntry: false });
    if (status === undefined) result.missing.push(name);
    else if (status.size !== bytes || (await digestOf(file)) !== sha256)
      result.changed.push(name);
  }
  return result;
}
