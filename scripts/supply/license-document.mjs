// Writes docs/licenses.md: the license of every package that the project uses.

import { format, resolveConfig } from "prettier";
import { allowed, exceptions } from "./policy.mjs";

/** @typedef {import("./used-packages.mjs").UsedPackage} UsedPackage */

/**
 * @param {{ npm: UsedPackage[], python: UsedPackage[] }} packages Joined and sorted.
 * @param {string} file Where the text will be, for the settings of its format.
 * @returns {Promise<string>} Markdown.
 */
export async function licenseDocument({ npm, python }, file) {
  const text = `# Licenses

Every package that this project uses, direct and transitive, on any system, with the license that it
declares. \`npm run licenses\` writes this page, and the tests compare it with the lock files. None of
the packages is part of this repository. [Dependencies](dependencies.md) says what the direct ones are
for. They are used by the **packages** that \`npm run pack\` makes, in a **clone** only, during
**setup**, by the **hub** of a class, or by the **tools** of \`npm run sbom\` and \`npm run audit\`.

Allowed for every package: ${allowed.join(", ")}.

${exceptions.map(({ license, reason }) => `${license} is allowed for ${reason}.`).join("\n\n")}

## Summary

${summary([...npm, ...python])}

## npm

${table(npm)}

## PyPI

${table(python)}
`;
  return format(text, { ...(await resolveConfig(file)), parser: "markdown" });
}

/** @param {UsedPackage[]} packages */
function summary(packages) {
  /** @type {Map<string, number>} */
  const counts = new Map();
  for (const { license = "" } of packages)
    counts.set(license, (counts.get(license) ?? 0) + 1);
  const rows = [...counts]
    .sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1))
    .map(([license, count]) => `| ${license} | ${count} |`);
  return ["| license | packages |", "| --- | ---: |", ...rows].join("\n");
}

/** @param {UsedPackage[]} packages */
function table(packages) {
  const rows = packages.map(
    ({ name, versions, license = "", uses }) =>
      `| \`${name}\` | ${versions.join(", ")} | ${license} | ${uses.join(", ")} |`,
  );
  return [
    "| package | version | license | used by |",
    "| --- | --- | --- | --- |",
    ...rows,
  ].join("\n");
}
