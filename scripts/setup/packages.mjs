// Step: installs Node's packages, exactly as in package-lock.json.

import fs from "node:fs";
import path from "node:path";
import { find, run } from "./command.mjs";
import { explain } from "./diagnosis.mjs";
import { inProject, packagesFolder } from "./project.mjs";
import { SetupError, commandToRepeat } from "./setup-error.mjs";
import { hashFiles, hashText } from "./stamp.mjs";

/** The manifests of the project and its workspaces. */
const manifests = [
  "package.json",
  "src/package.json",
  "src/notebook/package.json",
  "kernel/package.json",
];
/** The fields of a manifest that determine what is installed. */
const decisiveFields = [
  "workspaces",
  "dependencies",
  "devDependencies",
  "optionalDependencies",
  "overrides",
];

/** @type {import("./step.mjs").Step} */
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
    report(`downloading ${total} packages`);
    const [program, ...leading] = npm();
    const { code, output } = await run(
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
          if (/^npm http .*\.tgz/.test(line))
            report(`downloaded ${++fetched} of ${total} packages`);
        },
      },
    );
    if (code === 0) return;
    throw explain("Node's packages could not be installed", output, {
      registry: "npm's registry",
      settings: "HTTPS_PROXY and npm_config_registry",
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

/**
 * @returns {string[]} The command line of npm: the npm that started this process, else the one on
 *   the search path.
 * @throws {SetupError} If there is none.
 */
export function npm() {
  const starter = process.env.npm_execpath;
  if (starter?.endsWith("npm-cli.js") && fs.existsSync(starter))
    return [process.execPath, starter];
  const program = find("npm");
  if (program === undefined)
    throw new SetupError(
      "ERR_FILE_MISSING",
      "Expected npm beside Node.js, found none on the search path.",
      `sudo apt-get install npm (or install Node.js with npm in it), then ${commandToRepeat()}`,
    );
  return [program];
}

/**
 * Returns the variables for npm. Those that an outer `npm start` set for its script would mislead
 * an inner npm; those that the user set (npm_config_registry, npm_config_cache, ...) stay.
 *
 * @returns {NodeJS.ProcessEnv}
 */
function npmVariables() {
  const kept = Object.entries(process.env).filter(
    ([name]) =>
      !/^(npm_(package_|lifecycle_|command$|node_execpath$|execpath$|config_local_prefix$)|INIT_CWD$)/.test(
        name,
      ),
  );
  return {
    // npm's default waits between retries add up to more than a minute without output.
    npm_config_fetch_retry_mintimeout: "1000",
    npm_config_fetch_retry_maxtimeout: "5000",
    ...Object.fromEntries(kept),
    PATH: [path.dirname(process.execPath), process.env.PATH]
      .filter(Boolean)
      .join(path.delimiter),
  };
}
