// Step: compiles the native training step, src/engine/native/cpp/, to one shared object.
// It contains a version for each vector width; the version for the processor is chosen at run time.
// Without it, training uses TensorFlow's graph. If it cannot be compiled, setup reports this and
// continues, and tries again when one of its inputs has changed.

import fs from "node:fs";
import path from "node:path";
import { find, run } from "./command.mjs";
import { compilerIdentity } from "./compiler-identity.mjs";
import { compilerVariables, findCompiler } from "./compiler.mjs";
import { lastLines } from "./diagnosis.mjs";
import * as recipes from "./native-recipe.mjs";
import {
  inEngine,
  keptFolder,
  logFile,
  nativeFolders,
  packageVersion,
  shown,
  workFolder,
} from "./place.mjs";
import { identity } from "./process-identity.mjs";
import { SetupError, commandToRepeat } from "./setup-error.mjs";
import { hashFiles, hashText, writeAtomically } from "./stamp.mjs";

const { source: sourceFolder, built: builtFolder } = nativeFolders;
const builtFile = path.join(builtFolder, "convnotes_native.node");
/** Linked and tested under this name, then renamed. */
const draftFile = path.join(builtFolder, "convnotes_native.partial.node");
/** Written instead of the shared object if it could not be compiled; contains the reason. */
const reasonFile = path.join(builtFolder, "not-compiled.txt");
/** Object files, and other files needed only for compiling. */
const objectFolder = path.join(workFolder, "native");
const compileProgram = inEngine("setup", "native-compile.mjs");

/** @type {import("./step.mjs").Step} */
export const native = {
  name: `native training step (${shown(builtFolder)})`,
  stamp: path.join(builtFolder, "convnotes.json"),
  folder: builtFolder,
  bytes: 0.05e9,
  makes: () => [fs.existsSync(reasonFile) ? reasonFile : builtFile],

  inputs: (previous) => ({
    "the native step's source": hashFiles(recipes.cppFiles(sourceFolder)),
    "the recipe": hashText(recipes.recipe),
    "node-api-headers": packageVersion("node-api-headers"),
    "the machine's kind": `${process.platform} ${process.arch}`,
    CXX: chosenCompiler(previous),
    "the C++ compiler": compilerIdentity(chosenCompiler(previous)),
  }),

  async run({ interruption, report, previous }) {
    // Their source has changed.
    for (const file of [builtFile, reasonFile])
      fs.rmSync(file, { force: true });
    fs.rmSync(objectFolder, { recursive: true, force: true });
    for (const folder of [builtFolder, objectFolder])
      fs.mkdirSync(folder, { recursive: true });
    const kept = keptFile(this.inputs(previous));
    try {
      if (!(await copyKept(kept, { interruption, report }))) {
        const compiler = await compilerFor(previous, interruption, report);
        await compile(compiler, { interruption, report });
        report("testing it");
        await testDraft(interruption);
        if (kept !== undefined) keep(draftFile, kept);
      }
      fs.renameSync(draftFile, builtFile);
    } catch (error) {
      if (!(error instanceof SetupError)) throw error;
      giveUp(error);
    } finally {
      fs.rmSync(draftFile, { force: true });
      fs.rmSync(objectFolder, { recursive: true, force: true });
    }
  },
};

/**
 * @param {import("./stamp.mjs").Inputs} inputs
 * @returns {string | undefined} Where a shared object with these inputs is kept for other projects;
 *   undefined if none is kept.
 */
function keptFile(inputs) {
  const name = `${hashText(JSON.stringify(inputs)).replace("sha256:", "")}.node`;
  return keptFolder && path.join(keptFolder, name);
}

/**
 * Copies a kept shared object to the draft and tests it. Removes one that does not work.
 *
 * @param {string | undefined} kept
 * @param {Pick<Parameters<import("./step.mjs").Step["run"]>[0], "interruption" | "report">} run
 * @returns {Promise<boolean>} Whether there is one that works.
 */
async function copyKept(kept, { interruption, report }) {
  if (kept === undefined || !fs.existsSync(kept)) return false;
  report("copying the one of another project");
  fs.copyFileSync(kept, draftFile);
  try {
    await testDraft(interruption);
    return true;
  } catch (error) {
    if (!(error instanceof SetupError)) throw error;
    fs.rmSync(kept, { force: true });
    return false;
  }
}

/**
 * @param {string} file
 * @param {string} kept
 */
function keep(file, kept) {
  if (fs.existsSync(kept)) return;
  fs.mkdirSync(path.dirname(kept), { recursive: true });
  removePartial(kept);
  // Several projects may keep theirs at the same time.
  const partial = `${kept}.${process.pid}.partial`;
  fs.copyFileSync(file, partial);
  fs.renameSync(partial, kept);
}

/**
 * Removes the partial copies of setups that were killed.
 *
 * @param {string} kept
 */
function removePartial(kept) {
  const folder = path.dirname(kept);
  for (const name of fs.readdirSync(folder)) {
    const [base, pid] = [path.basename(kept), name.split(".").at(-2)];
    if (name !== `${base}.${pid}.partial` || identity(Number(pid))) continue;
    try {
      fs.rmSync(path.join(folder, name), { force: true });
    } catch {
      // It belongs to another user.
    }
  }
}

/**
 * @param {import("./stamp.mjs").Inputs} [previous]
 * @returns {string} The value of CXX. If it is unset, its value when the present artifact was
 *   built, if that program still exists; else the empty string.
 */
function chosenCompiler(previous) {
  if (process.env.CXX) return process.env.CXX.trim();
  const before = previous?.CXX ?? "";
  return find(before.split(/\s+/)[0]) === undefined ? "" : before;
}

/**
 * @param {import("./stamp.mjs").Inputs | undefined} previous
 * @param {AbortSignal} interruption
 * @param {(detail: string) => void} report
 * @returns {Promise<string[]>} The start of a command line.
 */
async function compilerFor(previous, interruption, report) {
  const [name, ...parameters] = chosenCompiler(previous).split(/\s+/);
  const program = find(name);
  return process.env.CXX || program === undefined
    ? findCompiler(interruption, report)
    : [program, ...parameters];
}

/**
 * Compiles and links the draft.
 *
 * @param {string[]} found The start of a command line.
 * @param {Pick<import("./step.mjs").Work, "interruption" | "report">} work
 * @throws {SetupError} If the compiler fails.
 */
async function compile(found, { interruption, report }) {
  if (!fs.existsSync(path.join(sourceFolder, "addon.cc")))
    throw failure(`There is no ${shown(sourceFolder)}/addon.cc.`);
  const { compiler, widths } = recipes.prepare(found);
  const [program, ...leading] = compiler;
  const options = {
    interruption,
    folder: sourceFolder,
    variables: compilerVariables(path.join(objectFolder, "zig")),
  };

  const known = [];
  for (const width of widths) {
    report(`checking the compiler's support for ${width.name}`);
    const parameters = recipes.trial(width, objectFolder);
    const { code } = await run(program, [...leading, ...parameters], options);
    if (code === 0) known.push(width);
  }
  if (known.length === 0)
    throw failure(`${found.join(" ")} compiles nothing for ${process.arch}.`);

  const jobs = recipes.jobs(sourceFolder, objectFolder, known);
  const plan = path.join(objectFolder, "plan.json");
  fs.writeFileSync(
    plan,
    JSON.stringify({
      compiler,
      folder: sourceFolder,
      jobs: longestFirst(jobs),
    }),
  );
  const { code, output } = await run(process.execPath, [compileProgram, plan], {
    ...options,
    onLine: (line) => line.startsWith("compiling ") && report(line),
  });
  if (code !== 0) throw failure(`${found.join(" ")} failed.`, output);

  report("linking");
  const objects = jobs.map(({ object }) => object);
  const linked = await run(
    program,
    [...leading, ...recipes.link(objects, draftFile)],
    options,
  );
  if (linked.code !== 0)
    throw failure(`${found.join(" ")} failed to link.`, linked.output);
}

/**
 * @param {import("./native-recipe.mjs").Job[]} jobs
 * @returns {import("./native-recipe.mjs").Job[]} The jobs sorted by the size of their source, an
 *   estimate of their duration.
 */
function longestFirst(jobs) {
  const size = (/** @type {import("./native-recipe.mjs").Job} */ { source }) =>
    fs.statSync(path.join(sourceFolder, source)).size;
  return [...jobs].sort((a, b) => size(b) - size(a));
}

/**
 * Loads the draft in a separate process.
 *
 * @param {AbortSignal} interruption
 * @throws {SetupError} If it does not load, or does not list its widths.
 */
async function testDraft(interruption) {
  const program = `
    const widths = require(${JSON.stringify(draftFile)}).widths();
    if (!Array.isArray(widths) || !widths.every((width) => typeof width === "string"))
      throw new TypeError("Expected widths() to return strings, received " + JSON.stringify(widths));
    console.log("widths:", ...widths);`;
  const { code, signal, output } = await run(
    process.execPath,
    ["-e", program],
    { interruption },
  );
  if (code !== 0 || !output.includes("widths:"))
    throw failure(
      `It was compiled, but Node cannot load it${signal ? ` (${signal})` : ""}.`,
      output,
    );
}

/**
 * @param {string} message
 * @param {string} [output] Output of the failing program.
 * @returns {SetupError} To be thrown.
 */
function failure(message, output = "") {
  return new SetupError("ERR_PROCESS", message, "", lastLines(output));
}

/**
 * Records and reports that there is no native training step.
 *
 * @param {SetupError} error
 */
function giveUp({ message, remedy, evidence }) {
  const lines = [message, ...evidence, remedy].filter((line) => line !== "");
  const reason = `${lines.join("\n")}\n`;
  fs.appendFileSync(logFile, `\nNo native training step. ${reason}`);
  writeAtomically(reasonFile, reason);
  console.log(
    "    The native training step could not be compiled; training runs on TensorFlow's graph. " +
      `${shown(reasonFile)} has the reason; to try again: rm -r ${shown(builtFolder)}, then ${commandToRepeat()}, ` +
      "or choose another compiler: CXX=clang++ " +
      commandToRepeat(),
  );
}
