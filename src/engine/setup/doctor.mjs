// `convnotes engine doctor`: checks each part of the engine and says how to fix problems.

import fs from "node:fs";
import path from "node:path";
import { run } from "./command.mjs";
import { lastLines } from "./diagnosis.mjs";
import {
  inEngine,
  isInstalled,
  nativeFolders,
  packageFolder,
  packageVersion,
  root,
  shown,
} from "./place.mjs";
import { commandToRepeat } from "./setup-error.mjs";
import { tfjsVersion } from "./tfjs.mjs";

/**
 * The result of a check.
 *
 * @typedef {object} Finding
 * @property {boolean} isOk
 * @property {string} text What was found, or the problem.
 */

/** @type {[string, () => Promise<Finding>][]} */
const checks = [
  ["Node.js", checkNode],
  ["@tensorflow/tfjs-node", checkTfjs],
  ["libtensorflow", checkLibrary],
  ["addon of tfjs-node", checkAddon],
  ["native training step", checkNative],
  ["training", checkTraining],
];

/**
 * Runs all checks.
 *
 * @returns {Promise<number>} The exit code: 1 if any check failed.
 */
export async function doctor() {
  let problems = 0;
  for (const [name, check] of checks) {
    const { isOk, text } = await check();
    console.log(`${isOk ? "ok  " : "FAIL"}  ${name}: ${text}`);
    if (!isOk) problems++;
  }
  if (problems === 0) {
    console.log("\nNo problems found.");
    return 0;
  }
  const count = problems === 1 ? "problem" : "problems";
  console.log(
    `\n${problems} ${count} found. The first may cause the others.\n  fix: ${commandToRepeat()}`,
  );
  return 1;
}

/** @returns {Promise<Finding>} */
async function checkNode() {
  const isOk = Number.parseInt(process.versions.node, 10) >= 20;
  return {
    isOk,
    text: `${process.version}${isOk ? "" : ", expected 20 or newer"}`,
  };
}

/** @returns {Promise<Finding>} */
async function checkTfjs() {
  const version = packageVersion("@tensorflow/tfjs-node");
  const folder = shown(packageFolder("@tensorflow/tfjs-node"));
  if (version === tfjsVersion)
    return { isOk: true, text: `${version} in ${folder}` };
  return {
    isOk: false,
    text:
      version === "nothing"
        ? `expected ${tfjsVersion} in ${root}, found none`
        : `expected ${tfjsVersion}, found ${version} in ${folder}`,
  };
}

/** @returns {Promise<Finding>} */
async function checkLibrary() {
  const library = path.join(
    packageFolder("@tensorflow/tfjs-node"),
    ...["deps", "lib", "libtensorflow.so"],
  );
  if (!fs.existsSync(library))
    return { isOk: false, text: `expected ${shown(library)}, found none` };
  const file = fs.realpathSync(library);
  const site = path.dirname(path.dirname(file));
  const version = fs
    .readdirSync(site)
    .map((name) => /^tensorflow(?:_cpu)?-(.+)\.dist-info$/.exec(name)?.[1])
    .find((found) => found !== undefined);
  return {
    isOk: true,
    text: `${version ?? "unknown version"} in ${shown(file)}`,
  };
}

/** @returns {Promise<Finding>} */
async function checkAddon() {
  const file = path.join(
    packageFolder("@tensorflow/tfjs-node"),
    ...["lib", "napi-v8", "tfjs_binding.node"],
  );
  if (!fs.existsSync(file))
    return { isOk: false, text: `expected ${shown(file)}, found none` };
  return inProcess(
    `const { TF_Version } = require(${JSON.stringify(file)});
    console.log("found", "loads TensorFlow", TF_Version);`,
  );
}

/** @returns {Promise<Finding>} */
async function checkNative() {
  const file = path.join(nativeFolders.built, "convnotes_native.node");
  const reason = path.join(nativeFolders.built, "not-compiled.txt");
  if (fs.existsSync(reason)) {
    const [first] = fs.readFileSync(reason, "utf8").split("\n");
    return {
      isOk: false,
      text: `could not be compiled (${first}); steps run as TensorFlow graphs; to try again: rm ${reason}`,
    };
  }
  if (!fs.existsSync(file))
    return { isOk: false, text: `expected ${shown(file)}, found none` };
  return inProcess(
    `const widths = require(${JSON.stringify(file)}).widths();
    if (widths.length === 0) throw new Error("It was compiled for another processor.");
    console.log("found", "vector widths of this processor:", widths.join(", "));`,
  );
}

/** @returns {Promise<Finding>} */
async function checkTraining() {
  return inProcess(
    `const { compilation, tf } = require(${JSON.stringify(isInstalled ? inEngine("dist") : inEngine())});
    const model = tf.sequential();
    model.add(tf.layers.dense({ units: 1, inputShape: [2] }));
    model.compile({ optimizer: "sgd", loss: "meanSquaredError" });
    model.fit(tf.ones([64, 2]), tf.ones([64, 1]), { epochs: 3, verbose: 0 }).then(() => {
      const { training } = compilation(model);
      if (training.native === 0) throw new Error([...training.reasons, ...training.notNative].join("; "));
      console.log("found", training.native + " steps of a small model ran natively");
    });`,
  );
}

/**
 * Runs a program in a process of its own, as a broken library may end it.
 *
 * @param {string} program Prints "found", then what it found.
 * @returns {Promise<Finding>}
 */
async function inProcess(program) {
  const register = isInstalled
    ? []
    : ["-r", path.join(root, "kernel", "dist", "typescript-register.js")];
  const { code, signal, output } = await run(
    process.execPath,
    [...register, "-e", program],
    {
      folder: root,
      variables: {
        ...process.env,
        TF_CPP_MIN_LOG_LEVEL: "2",
        CONVNOTES_ENGINE: "on",
      },
    },
  );
  const found = /^found (.*)$/m.exec(output)?.[1];
  if (code === 0 && found !== undefined) return { isOk: true, text: found };
  const [why = ""] = lastLines(output).filter((line) => /Error/.test(line));
  const ending = signal ? `ended by ${signal}` : `exit code ${code}`;
  return {
    isOk: false,
    text: why || `${ending}; ${lastLines(output).join("; ")}`,
  };
}
