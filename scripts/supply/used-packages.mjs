// Lists the packages that the project uses, direct and transitive, from its lock files.

/** npm packages whose manifest names no license of SPDX, and that of the license file in them. */
export const readInFile = /** @type {Record<string, string>} */ ({
  // NIST's for its own code; the second is that of the HDF5 library inside.
  h5wasm: "NIST-Software AND BSD-3-Clause",
  "typed-function": "MIT",
});

/**
 * @typedef {object} UsedPackage
 * @property {string} name
 * @property {string[]} versions In the order of the lock file.
 * @property {string | undefined} license An SPDX expression; undefined if none is known.
 * @property {string[]} uses What uses it.
 */

/**
 * A package in npm's lock file.
 *
 * @typedef {object} Locked
 * @property {string} [name] If it is not that of its folder.
 * @property {string} [version]
 * @property {string} [license]
 * @property {boolean} [dev]
 * @property {string} [integrity] Missing for the project's own packages.
 */

/** @typedef {{ packages: Record<string, Locked> }} Lock */

/**
 * @typedef {string | { declared: string, license: string }} PythonLicense The SPDX expression, with
 *   what the package declares if that is something else. A person has read the package's license
 *   then.
 */

/**
 * Lists the npm packages of a lock file, without the project's own.
 *
 * @param {Lock} lock
 * @param {{ use: string, developmentUse: string }} uses
 * @returns {UsedPackage[]}
 */
export function npmPackages(lock, { use, developmentUse }) {
  return Object.entries(lock.packages)
    .filter(([, { integrity }]) => integrity !== undefined)
    .map(([place, { name, version, license, dev }]) => {
      const found = name ?? place.replace(/^.*node_modules\//, "");
      return {
        name: found,
        versions: [version ?? ""],
        license: readInFile[found] ?? license,
        uses: [dev ? developmentUse : use],
      };
    });
}

/**
 * Lists the packages of a file of requirements, for all systems and Python versions.
 *
 * @param {string} requirements The file's text.
 * @param {Record<string, PythonLicense>} licenses By name.
 * @param {string} use
 * @returns {UsedPackage[]}
 */
export function pythonPackages(requirements, licenses, use) {
  return [...requirements.matchAll(/^([\w.-]+)==([^\s;\\]+)/gm)].map(
    ([, name, version]) => {
      return {
        name,
        versions: [version],
        license: pythonLicense(name, licenses),
        uses: [use],
      };
    },
  );
}

/**
 * @param {string} name A Python package's name.
 * @param {Record<string, PythonLicense>} licenses
 * @returns {string | undefined} Its license as an SPDX expression.
 */
export function pythonLicense(name, licenses) {
  const license = licenses[normalName(name)];
  return typeof license === "object" ? license.license : license;
}

/**
 * @param {string} name A Python package's name.
 * @returns {string} The form in which equal names are the same text.
 */
export function normalName(name) {
  return name.toLowerCase().replaceAll(/[-_.]+/g, "-");
}

/**
 * Joins packages of the same name and license.
 *
 * @param {UsedPackage[]} packages
 * @returns {UsedPackage[]} Sorted by name.
 */
export function joined(packages) {
  /** @type {Map<string, UsedPackage>} */
  const result = new Map();
  for (const each of packages) {
    const key = `${each.name} ${each.license}`;
    const former = result.get(key);
    result.set(key, {
      ...each,
      versions: [...new Set([...(former?.versions ?? []), ...each.versions])],
      uses: [...new Set([...(former?.uses ?? []), ...each.uses])],
    });
  }
  return [...result.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
}
