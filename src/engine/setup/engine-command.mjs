// The command line of `convnotes engine`.

import { doctor } from "./doctor.mjs";
import { setUpEngine } from "./set-up-engine.mjs";

/** Exit code of an invalid command line, as in shells. */
const MISUSED = 2;

/** @type {Record<string, { help: string, run: () => Promise<number> }>} */
const verbs = {
  setup: {
    help: `Usage: convnotes engine setup

Makes compiled training available in this project. A second run has nothing to do.
  - adds @tensorflow/tfjs-node to the project, without running its own installation
  - takes libtensorflow from PyPI's wheel of TensorFlow, into a folder of the user's cache that all projects share
  - compiles the addon of tfjs-node and the native training step, with c++, g++ or clang++, or else with Zig's compiler
    from PyPI

Variables: CONVNOTES_PYTHON names the Python, CXX the compiler; HTTPS_PROXY, PIP_INDEX_URL and npm_config_registry
are passed on.`,
    run: setUpEngine,
  },
  doctor: {
    help: `Usage: convnotes engine doctor

Checks each part of the engine and trains a small model. For each part, prints "ok", or the problem and the command
that fixes it. The exit code is 1 if any check fails.`,
    run: doctor,
  },
};

const help = `Usage: convnotes engine COMMAND

  setup   Add TensorFlow.js to this project and compile its parts
  doctor  Check that each part works

See convnotes engine COMMAND --help for details.`;

const isHelp = (/** @type {string | undefined} */ word) =>
  ["help", "--help", "-h"].includes(word ?? "help");

/**
 * Runs a command line.
 *
 * @param {readonly string[]} parameters The command line after `convnotes engine`.
 * @returns {Promise<number>} The exit code: 0 for success, 1 if the command failed, 2 if the
 * command
 *   line is invalid.
 */
export async function command([verb, ...rest]) {
  if (isHelp(verb)) {
    console.log(help);
    return 0;
  }
  const known =
    verb !== undefined && Object.hasOwn(verbs, verb) ? verbs[verb] : undefined;
  if (known === undefined)
    return misused(
      `Expected a command of the engine (${Object.keys(verbs).join(", ")}), received ${verb}.`,
    );
  const [first] = rest;
  if (first === undefined) return known.run();
  if (isHelp(first)) {
    console.log(known.help);
    return 0;
  }
  return misused(`Expected no parameter but --help, received ${first}.`);
}

/**
 * @param {string} message
 * @returns {number}
 */
function misused(message) {
  console.error(`${message} See convnotes engine --help.`);
  return MISUSED;
}
