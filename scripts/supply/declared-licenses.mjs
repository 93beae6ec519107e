// Compares the licenses that installed Python packages declare with the recorded ones.

import { normalName } from "./used-packages.mjs";

/**
 * @typedef {object} Metadata
 * @property {string} name
 * @property {string} [license_expression]
 * @property {string} [license]
 * @property {string[]} [classifier]
 */

/** @typedef {{ metadata: Metadata }} Installed A package in the output of `pip inspect`. */

/**
 * Returns what a package declares: the SPDX expression, else the first line about the license, else
 * the first classifier.
 *
 * @param {Metadata} metadata
 * @returns {string} Empty if it declares nothing.
 */
export function declaredLicense({ license_expression, license, classifier }) {
  if (license_expression) return license_expression;
  const line = license?.trim().split("\n")[0].trim() ?? "";
  if (line !== "" && line !== "UNKNOWN") return line;
  const named = classifier?.find((each) => each.startsWith("License ::"));
  return named?.split(" :: ").at(-1) ?? "";
}

/**
 * @param {Installed[]} installed
 * @param {Record<string, import("./used-packages.mjs").PythonLicense>} licenses The recorded ones.
 * @returns {string[]} A sentence for each package that declares another license than recorded.
 */
export function changedDeclarations(installed, licenses) {
  return installed.flatMap(({ metadata }) => {
    const record = licenses[normalName(metadata.name)];
    // A package that the user has added; those of the project are checked by their requirements.
    if (record === undefined) return [];
    const expected = typeof record === "object" ? record.declared : record;
    const received = declaredLicense(metadata);
    return expected === received
      ? []
      : [
          `Expected ${metadata.name} to declare the license "${expected}", as recorded, received "${received}"`,
        ];
  });
}
