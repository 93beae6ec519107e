// `npm run licenses`: checks the licenses of all packages that the project uses, and writes
// docs/licenses.md.

import fs from "node:fs";
import { inProject } from "./setup/project.mjs";
import { acceptOnlyHelp } from "./setup/help.mjs";
import { setup } from "./setup.mjs";
import { writeAtomically } from "../src/engine/setup/stamp.mjs";

const help = `npm run licenses -- [--check] [--help]

Checks that each package of the lock files has a license that scripts/supply/policy.mjs allows, and that installed
Python packages still declare what scripts/supply/python-licenses.json says; then writes docs/licenses.md. The exit code
is 1 if a license is unknown or not allowed.

  --check       writes nothing, and fails if docs/licenses.md is outdated
  -h, --help    this text`;

const parameters = process.argv.slice(2);
const onlyCheck = parameters.includes("--check");
acceptOnlyHelp(
  help,
  parameters.filter((each) => each !== "--check"),
);
await setup({ quiet: true });
// Not at the top: they load packages, which are not installed in a fresh clone.
const { declaredFaults, usedPackages } =
  await import("./supply/license-check.mjs");
const { licenseDocument } = await import("./supply/license-document.mjs");
const file = inProject("docs", "licenses.md");
const { packages, faults } = usedPackages();
const all = [...faults, ...declaredFaults()];
const text = await licenseDocument(packages, file);
if (
  onlyCheck &&
  (!fs.existsSync(file) || fs.readFileSync(file, "utf8") !== text)
)
  all.push(
    "Expected docs/licenses.md to fit the lock files, found an outdated one (npm run licenses)",
  );
for (const each of all) console.error(`${each}.`);
if (all.length > 0) process.exit(1);
if (!onlyCheck) writeAtomically(file, text);
console.log(
  `${packages.npm.length} npm packages and ${packages.python.length} Python packages have allowed licenses.`,
);
