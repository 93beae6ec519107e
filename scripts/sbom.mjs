// `npm run sbom`: writes CycloneDX documents of the npm packages, the Python environment and the
// project's own packages.

import { execFileSync, spawnSync } from "node:child_process";
import { randomUUID } from "node:crypto";
import fs from "node:fs";
import path from "node:path";
import { acceptOnlyHelp } from "./setup/help.mjs";
import { environmentPython, inProject, root } from "./setup/project.mjs";
import { setup } from "./setup.mjs";
import { withLicenses } from "./supply/bom-licenses.mjs";
import { bomOfPackage, corrected } from "./supply/npm-bom.mjs";
import { toolsPython, withTools } from "./supply/tools.mjs";
import { pythonLicense, readInFile } from "./supply/used-packages.mjs";
import { run } from "../src/engine/setup/command.mjs";
import { npm, npmVariables } from "../src/engine/setup/npm.mjs";
import { lastLines } from "../src/engine/setup/diagnosis.mjs";
import { SetupError } from "../src/engine/setup/setup-error.mjs";
import { giveUp } from "../src/engine/setup/steps.mjs";
import { writeAtomically } from "../src/engine/setup/stamp.mjs";

const help = `npm run sbom -- [FOLDER]

Writes software bills of materials in CycloneDX's JSON format, which list packages with versions, digests, licenses and
dependencies: npm.json for all installed npm packages, python.json for the Python environment, and one for each package
that \`npm run pack\` makes, with what is installed with it or bundled into it. Each is validated before it gets its name.

  FOLDER       where to; out/sbom by default
  -h, --help   this text`;

/** The folders of the packages that \`npm run pack\` makes. */
const packageFolders = ["src/notebook", "src/engine", "src", "kernel"];

/** @param {string} folder */
function manifestIn(folder) {
  return JSON.parse(fs.readFileSync(inProject(folder, "package.json"), "utf8"));
}

/**
 * @returns {Promise<Record<string, string>>} The documents of npm packages, by file name.
 * @throws {SetupError} If npm fails.
 */
async function npmDocuments() {
  const [program, ...leading] = npm();
  const { status, stdout, stderr } = spawnSync(
    program,
    [...leading, "sbom", "--sbom-format=cyclonedx"],
    { cwd: root, encoding: "utf8", env: npmVariables(), maxBuffer: 1e8 },
  );
  if (status !== 0)
    throw new SetupError(
      "ERR_PROCESS",
      "npm could not list its packages.",
      "npm run setup, then npm run sbom",
      lastLines(stderr),
    );
  // Not at the top: it loads packages, which are not installed in a fresh clone.
  const { packagesInBundle } = await import("./pack/danfojs.mjs");
  const manifests = packageFolders.map(manifestIn);
  const project = withLicenses(
    corrected(JSON.parse(stdout), [
      manifestIn(".").name,
      ...manifests.map(({ name }) => name),
    ]),
    (name) => readInFile[name],
  );
  const bundled = await packagesInBundle();
  return Object.fromEntries([
    ["npm.json", text(project)],
    ...manifests.map((manifest) => [
      `${manifest.name.replace("@", "").replace("/", "-")}.json`,
      text(
        bomOfPackage(project, manifest.name, {
          manifests,
          serialNumber: `urn:uuid:${randomUUID()}`,
          bundled: manifest.name === "convnotes" ? bundled : [],
        }),
      ),
    ]),
  ]);
}

/** @returns {Promise<string>} The document of the Python environment. */
async function pythonDocument() {
  const { recordedLicenses } = await import("./supply/license-check.mjs");
  const options = ["--output-format=JSON", "--no-validate", environmentPython];
  const output = execFileSync(
    toolsPython,
    ["-I", "-m", "cyclonedx_py", "environment", ...options],
    { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"], maxBuffer: 1e8 },
  );
  const licenses = recordedLicenses();
  return text(
    withLicenses(JSON.parse(output), (name) => pythonLicense(name, licenses)),
  );
}

/** @param {unknown} value */
function text(value) {
  return `${JSON.stringify(value, undefined, 2)}\n`;
}

/**
 * @param {string} folder
 * @param {AbortSignal} interruption
 * @throws {SetupError} If a document is not valid; none is written then.
 */
async function write(folder, interruption) {
  const documents = {
    ...(await npmDocuments()),
    "python.json": await pythonDocument(),
  };
  const draft = inProject("out", "setup", "sbom");
  fs.rmSync(draft, { recursive: true, force: true });
  for (const [name, content] of Object.entries(documents))
    writeAtomically(path.join(draft, name), content);
  const { code, output } = await run(
    toolsPython,
    [
      inProject("scripts", "supply", "validate.py"),
      ...Object.keys(documents).map((name) => path.join(draft, name)),
    ],
    { interruption },
  );
  fs.rmSync(draft, { recursive: true });
  if (code !== 0)
    throw new SetupError(
      "ERR_FILE_FORMAT",
      "Expected documents that fit CycloneDX's schema, received others.",
      "report this",
      lastLines(output),
    );
  for (const [name, content] of Object.entries(documents)) {
    writeAtomically(path.join(folder, name), content);
    const { components } = JSON.parse(content);
    console.log(`${path.join(folder, name)}: ${components.length} packages`);
  }
}

const [named = inProject("out", "sbom"), ...more] = process.argv.slice(2);
acceptOnlyHelp(help, named.startsWith("-") ? [named, ...more] : more);
await setup({ quiet: true });
try {
  const folder = path.resolve(process.env.INIT_CWD ?? "", named);
  await withTools((interruption) => write(folder, interruption));
} catch (error) {
  giveUp(error);
}
