// Step: adds @tensorflow/tfjs-node to the project.
// Its own installation downloads libtensorflow from a host outside the registries, so it is
// skipped.

import fs from "node:fs";
import path from "node:path";
import { run } from "./command.mjs";
import { explain } from "./diagnosis.mjs";
import { npm, npmVariables, registry } from "./npm.mjs";
import {
  inEngine,
  packageFolder,
  packageVersion,
  packagesFolder,
  root,
} from "./place.mjs";
import { SetupError } from "./setup-error.mjs";

const name = "@tensorflow/tfjs-node";

/** The version whose internals the engine uses. */
export const tfjsVersion = JSON.parse(
  fs.readFileSync(inEngine("package.json"), "utf8"),
).peerDependencies[name];

/** @type {import("./step.mjs").Step} */
export const tfjs = {
  name: `TensorFlow.js (${name})`,
  stamp: path.join(packagesFolder, ".convnotes-engine.json"),
  folder: packagesFolder,
  bytes: 0.2e9,
  makes: () => [path.join(packageFolder(name), "package.json")],

  inputs: () => ({ [name]: packageVersion(name) }),

  async run({ interruption, report }) {
    const present = packageVersion(name);
    if (present === tfjsVersion) return;
    const install = [
      ...["install", "--ignore-scripts", "--save-exact"],
      `${name}@${tfjsVersion}`,
    ];
    if (present !== "nothing")
      throw new SetupError(
        "ERR_VERSION",
        `Expected ${name} ${tfjsVersion}, whose internals the engine uses, found ${present}.`,
        `npm ${install.join(" ")}`,
      );
    report(`installing ${tfjsVersion} with npm`);
    const [program, ...leading] = npm();
    const { code, output } = await run(
      program,
      [...leading, ...install, "--no-audit", "--no-fund"],
      { interruption, folder: root, variables: npmVariables() },
    );
    if (code !== 0)
      throw explain(`${name} could not be installed`, output, registry);
  },
};
