// Step: installs Node's packages, exactly as in package-lock.json.

import fs from "node:fs";
import path from "node:path";
import { run } from "../../src/engine/setup/command.mjs";
import { npm, npmVariables, registry } from "../../src/engine/setup/npm.mjs";
import { explain } from "../../src/engine/setup/diagnosis.mjs";
import { hasBundle, withTarballs } from "./bundle.mjs";
import { inProject, packagesFolder } from "./project.mjs";
import { commandToRepeat } from "../../src/engine/setup/setup-error.mjs";
import { hashFiles, hashText } from "../../src/engine/setup/stamp.mjs";

/** The manifests of the project and its workspaces. */
const manifests = [
  "package.json",
  "src/package.json",
  "src/notebook/package.json",
  "src/engine/package.json",
  "kernel/package.json",
];
/** The fields of a manifest that determine what is installed. */
const decisiveFields = [
  "workspaces",
  "dependencies",
  "devDependencies",
  "optionalDependencies",
  "peerDependencies",
  "overrides",
];

/** @type {import("../../src/engine/setup/step.mjs").Step} */
export const packages = {
  name: "Node packages (node_modules)",
  stamp: path.join(packagesFolder, ".convnotes.json"),
  folder: packagesFolder,
  bytes: 0.6e9,
  makes: () => [
    path.join(packagesFolder, "convnotes", "package.json"),
    path.join(packagesFolder, "typescript", "bin", "tsc"),
    path.join(packagesFolder, "@tensorflow", "tfjs-node", "package.json"),
  ],

  inputs: () => ({
    "package-lock.json": hashFiles([inProject("package-lock.json")]),
    "the dependencies in package.json": hashText(
      JSON.stringify(manifests.map(decisive)),
    ),
    "Node.js": process.version.split(".")[0],
    "the machine": `${process.platform} ${process.arch}`,
  }),

  async run({ interruption, report }) {
    const total = lockedPackages();
    let fetched = 0;
    report(hasBundle ? "unpacking" : `downloading ${total} packages`);
    const [program, ...leading] = npm();
    const { code, output } = await withTarballs(() =>
      run(
        program,
        // Includes development packages whatever NODE_ENV is, since the compiler is one of them.
        [
          ...leading,
          "ci",
          "--include=dev",
          "--prefer-offline",
          "--loglevel=http",
        ],
        {
          interruption,
          variables: npmVariables(),
          onLine(line) {
            if (!/^npm http .*\.tgz/.test(line)) return;
            fetched++;
            report(
              hasBundle
                ? `unpacked ${fetched} packages`
                : `downloaded ${fetched} of ${total} packages`,
            );
          },
        },
      ),
    );
    if (code === 0) return;
    throw explain("Node's packages could not be installed", output, {
      ...registry,
      causes: [
        {
          pattern: /are in sync|EUSAGE/,
          reason: "package-lock.json does not fit package.json",
          remedy: `npm install --package-lock-only, then ${commandToRepeat()}`,
        },
        {
          pattern: /EINTEGRITY/,
          reason: "a download differs from its checksum",
          remedy: `npm cache clean --force, then ${commandToRepeat()}`,
        },
      ],
    });
  },
};

/**
 * @param {string} manifest
 * @returns {unknown[]} Its decisive fields.
 */
function decisive(manifest) {
  const file = inProject(manifest);
  if (!fs.existsSync(file)) return [];
  const content = JSON.parse(fs.readFileSync(file, "utf8"));
  return decisiveFields.map((field) => content[field] ?? null);
}

/** @returns {number} The number of packages in the lock file. */
function lockedPackages() {
  const lock = JSON.parse(
    fs.readFileSync(inProject("package-lock.json"), "utf8"),
  );
  return Object.values(lock.packages).filter(({ integrity }) => integrity)
    .length;
}
