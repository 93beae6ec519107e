// The npm packages of a bundle: one tarball for each, and a lock file that names them.
// With a lock file that names tarballs, npm needs neither a registry nor a cache.

import fs from "node:fs";
import path from "node:path";
import { run } from "../../src/engine/setup/command.mjs";
import { explain } from "../../src/engine/setup/diagnosis.mjs";
import { npm, npmVariables, registry } from "../../src/engine/setup/npm.mjs";
import {
  SetupError,
  commandToRepeat,
} from "../../src/engine/setup/setup-error.mjs";
import { digestOf } from "./manifest.mjs";

/** How many packages one call of npm packs. */
const batchSize = 40;

/**
 * @typedef {object} LockedPackage
 * @property {string} [name] If it is not that of its folder.
 * @property {string} [version]
 * @property {string} [integrity] The registry's digest; missing for the project's own packages.
 * @property {string} [resolved]
 */

/** @typedef {{ packages: Record<string, LockedPackage> }} Lock */

/**
 * @param {string} place The package's key in the lock file.
 * @param {LockedPackage} locked
 * @returns {string} What npm is asked for: name and version.
 */
function specification(place, { name, version }) {
  return `${name ?? place.replace(/^.*node_modules\//, "")}@${version}`;
}

/**
 * @param {string} place The package's key in the lock file.
 * @param {LockedPackage} locked
 * @returns {string} File name of its tarball, which no other package has.
 */
export function tarballName(place, locked) {
  return `${specification(place, locked).replaceAll("/", "+")}.tgz`;
}

/**
 * Lists the packages of a lock file that are installed on this machine. Those for other platforms
 * are not.
 *
 * @param {Lock} lock
 * @param {Lock} installed The lock file that npm writes into node_modules.
 * @returns {Map<string, { specification: string, integrity: string }>} By the name of the tarball.
 */
export function installedPackages(lock, installed) {
  const result = new Map();
  for (const [place, locked] of Object.entries(lock.packages)) {
    const { integrity } = locked;
    if (integrity === undefined || !(place in installed.packages)) continue;
    result.set(tarballName(place, locked), {
      specification: specification(place, locked),
      integrity,
    });
  }
  return result;
}

/**
 * Returns a lock file that names the tarballs of a bundle.
 *
 * @param {Lock} lock
 * @param {string} folder Where the tarballs are, relative to the lock file.
 * @param {(name: string) => boolean} exists Whether a tarball does.
 * @returns {Lock}
 */
export function lockWithTarballs(lock, folder, exists) {
  const packages = Object.entries(lock.packages).map(([place, locked]) => {
    const name = tarballName(place, locked);
    return [
      place,
      locked.integrity !== undefined && exists(name)
        ? { ...locked, resolved: `file:${folder}/${name}` }
        : locked,
    ];
  });
  return { ...lock, packages: Object.fromEntries(packages) };
}

/**
 * Downloads the tarballs of packages, or takes them from npm's cache.
 *
 * @param {ReturnType<typeof installedPackages>} packages
 * @param {string} folder New folder for the tarballs.
 * @param {object} work
 * @param {AbortSignal} work.interruption
 * @param {(detail: string) => void} work.report
 * @throws {SetupError} If npm fails, or a tarball does not have the digest of the lock file.
 */
export async function collectTarballs(
  packages,
  folder,
  { interruption, report },
) {
  const wanted = [...packages];
  for (let done = 0; done < wanted.length; done += batchSize) {
    report(`${done} of ${wanted.length} packages`);
    const batch = new Map(wanted.slice(done, done + batchSize));
    await packInto(folder, batch, interruption);
    // npm's own file names are not unique: that of @a/b is that of a-b, too.
    for (const [name, each] of batch) {
      const single = new Map([[name, each]]);
      await packInto(folder, single, interruption);
      if (single.size > 0)
        throw new SetupError(
          "ERR_FILE_DAMAGED",
          `Expected ${each.specification} to have the digest of package-lock.json, received another package.`,
          `npm cache clean --force, then ${commandToRepeat()}`,
        );
    }
  }
}

/**
 * Packs packages. Those whose tarball has the expected digest are removed from `packages`.
 *
 * @param {string} folder
 * @param {ReturnType<typeof installedPackages>} packages
 * @param {AbortSignal} interruption
 */
async function packInto(folder, packages, interruption) {
  const drop = path.join(folder, "partial");
  fs.mkdirSync(drop, { recursive: true });
  await pack(
    [...packages.values()].map((each) => each.specification),
    drop,
    interruption,
  );
  for (const file of fs.readdirSync(drop)) {
    const found = path.join(drop, file);
    const digest = `sha512-${await digestOf(found, "sha512", "base64")}`;
    const match = [...packages].find(
      ([, { integrity }]) => integrity === digest,
    );
    if (match === undefined) continue;
    fs.renameSync(found, path.join(folder, match[0]));
    packages.delete(match[0]);
  }
  fs.rmSync(drop, { recursive: true });
}

/**
 * @param {string[]} specifications
 * @param {string} folder
 * @param {AbortSignal} interruption
 */
async function pack(specifications, folder, interruption) {
  const [program, ...leading] = npm();
  const { code, output } = await run(
    program,
    [
      ...[...leading, "pack", "--prefer-offline", "--loglevel=error"],
      ...["--pack-destination", folder, ...specifications],
    ],
    { interruption, variables: npmVariables() },
  );
  if (code !== 0)
    throw explain("Node's packages could not be collected", output, registry);
}
