// Which licenses the packages may have that the project uses.

import { createRequire } from "node:module";

const load = createRequire(import.meta.url);
/** @type {(expression: string, allowed: string[]) => boolean} */
const satisfies = load("spdx-satisfies");

/**
 * Licenses that every package may have: permissive ones, and MPL-2.0, which covers only the files
 * of the package itself.
 */
export const allowed = [
  ...["0BSD", "AFL-2.1", "Apache-2.0", "BlueOak-1.0.0", "BSD-2-Clause"],
  ...["BSD-3-Clause", "CC0-1.0", "ISC", "MIT", "MIT-0", "MIT-CMU"],
  ...["MPL-2.0", "NIST-Software", "PSF-2.0", "Python-2.0", "Unlicense", "Zlib"],
];

/** Licenses that some packages may have, with the reason. */
export const exceptions = [
  {
    license: "LGPL-3.0-or-later",
    packages: /^@img\/sharp-/,
    reason:
      "libvips, a shared library that `sharp` loads while images of figures are written; used in a clone only",
  },
  {
    license: "CC-BY-3.0",
    packages: /^spdx-/,
    reason:
      "lists of the names of licenses, which the check of licenses reads; used in a clone only",
  },
];

/**
 * Checks a license.
 *
 * @param {string} name The package's name.
 * @param {string | undefined} license An SPDX expression.
 * @returns {string | undefined} What is wrong, as the end of a sentence; undefined if nothing is.
 */
export function fault(name, license) {
  if (license === undefined || license === "") return "no license";
  const accepted = exceptions
    .filter(({ packages }) => packages.test(name))
    .map((exception) => exception.license);
  try {
    return satisfies(license, [...allowed, ...accepted])
      ? undefined
      : `the license ${license}, which is not allowed`;
  } catch {
    return `the unknown license "${license}"`;
  }
}
