// Checks the licenses of the packages in the project's lock files, and of those installed.

import { execFileSync } from "node:child_process";
import fs from "node:fs";
import { environmentPython, inProject } from "../setup/project.mjs";
import { changedDeclarations } from "./declared-licenses.mjs";
import { fault } from "./policy.mjs";
import { joined, npmPackages, pythonPackages } from "./used-packages.mjs";

/** The lock files, and what their packages are used by. */
const locks = [
  {
    file: "package-lock.json",
    uses: { use: "packages", developmentUse: "clone" },
  },
  {
    file: "scripts/class/package-lock.json",
    uses: { use: "hub", developmentUse: "hub" },
  },
];
const requirements = [
  { file: "requirements.txt", use: "clone" },
  { file: "requirements-uv.txt", use: "setup" },
  { file: "requirements-compiler.txt", use: "setup" },
  { file: "scripts/class/requirements.txt", use: "hub" },
  { file: "scripts/supply/requirements.txt", use: "tools" },
];

/** @param {string} file */
function read(file) {
  return fs.readFileSync(inProject(file), "utf8");
}

/** @returns {Record<string, import("./used-packages.mjs").PythonLicense>} Of Python packages. */
export function recordedLicenses() {
  return JSON.parse(read("scripts/supply/python-licenses.json"));
}

/**
 * @returns {{
 *   packages: Record<"npm" | "python", import("./used-packages.mjs").UsedPackage[]>,
 *   faults: string[]
 * }}
 *   All packages, and a sentence for each whose license is unknown or not allowed.
 */
export function usedPackages() {
  const licenses = recordedLicenses();
  const packages = {
    npm: joined(
      locks.flatMap(({ file, uses }) =>
        npmPackages(JSON.parse(read(file)), uses),
      ),
    ),
    python: joined(
      requirements.flatMap(({ file, use }) =>
        pythonPackages(read(file), licenses, use),
      ),
    ),
  };
  const faults = [...packages.npm, ...packages.python].flatMap(
    ({ name, license }) => {
      const found = fault(name, license);
      return found === undefined
        ? []
        : [`Expected ${name} to have an allowed license, found ${found}`];
    },
  );
  return { packages, faults };
}

/**
 * @returns {string[]} A sentence for each package in the Python environment that declares another
 *   license than recorded.
 */
export function declaredFaults() {
  const { installed } = JSON.parse(
    execFileSync(
      environmentPython,
      ["-I", "-m", "pip", "--disable-pip-version-check", "inspect", "--local"],
      { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"], maxBuffer: 1e8 },
    ),
  );
  return changedDeclarations(installed, recordedLicenses());
}
