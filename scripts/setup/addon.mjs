// Step: builds the engine's addon.
// @tensorflow/tfjs-node ships its C++ source. It is built against the libtensorflow of the Python
// environment, so that Node and Keras use the same engine. The addon uses only Node-API and
// TensorFlow's C API, so a single compiler call suffices, without Node's headers or make.

import fs from "node:fs";
import path from "node:path";
import { run } from "./command.mjs";
import { compilerVariables, findCompiler } from "./compiler.mjs";
import { lastLines } from "./diagnosis.mjs";
import {
  logFile,
  packagesFolder,
  packageVersion,
  shown,
  sitePackages,
} from "./project.mjs";
import { SetupError, commandToRepeat } from "./setup-error.mjs";
import { hashText } from "./stamp.mjs";

const folder = path.join(packagesFolder, "@tensorflow", "tfjs-node");
const addonFolder = path.join(folder, "lib", "napi-v8");
const addonFile = path.join(addonFolder, "tfjs_binding.node");
/** Compiled and tested under this name, then renamed. */
const draftFile = path.join(addonFolder, "tfjs_binding.partial.node");
const zigCache = path.join(packagesFolder, ".convnotes-zig");

/** The paths at which tfjs-node expects libtensorflow, and the wheel's files that they link to. */
const links = [
  ["deps/include", "include"],
  ["deps/lib/libtensorflow.so", "libtensorflow_cc.so.2"],
  ["deps/lib/libtensorflow_cc.so.2", "libtensorflow_cc.so.2"],
  ["deps/lib/libtensorflow_framework.so", "libtensorflow_framework.so.2"],
  ["deps/lib/libtensorflow_framework.so.2", "libtensorflow_framework.so.2"],
];

const parameters = [
  ...["-O2", "-std=c++17", "-shared", "-fPIC", "-DNAPI_VERSION=8"],
  ...["-I", path.join("..", "..", "node-api-headers", "include")],
  ...["-I", ".", "-I", path.join("deps", "include")],
  ...["binding/tfjs_backend.cc", "binding/tfjs_binding.cc"],
  ...["-L", "deps/lib", "-ltensorflow", "-ltensorflow_framework"],
  "-Wl,-rpath,$ORIGIN/../../deps/lib",
  ...["-o", path.relative(folder, draftFile)],
];

/** @type {import("./step.mjs").Step} */
export const addon = {
  name: "engine (tfjs-node's addon)",
  stamp: path.join(addonFolder, "convnotes.json"),
  folder: addonFolder,
  bytes: 0.1e9,
  makes: () => [
    addonFile,
    ...links.map(([link]) => path.join(folder, ...link.split("/"))),
  ],

  inputs: () => ({
    "@tensorflow/tfjs-node": packageVersion("@tensorflow", "tfjs-node"),
    TensorFlow: wheel()?.version ?? "nothing",
    "TensorFlow's place": shown(wheel()?.folder ?? ""),
    "the recipe": hashText(JSON.stringify([parameters, links])),
  }),

  async run({ interruption, report }) {
    const tensorflow = wheel();
    if (
      tensorflow === undefined ||
      !fs.existsSync(path.join(tensorflow.folder, "libtensorflow_cc.so.2"))
    )
      throw new SetupError(
        "ERR_FILE_MISSING",
        `Expected libtensorflow_cc.so.2 in the environment's TensorFlow, found none (${process.platform} ${process.arch}).`,
        process.platform === "linux"
          ? `npm run clean, then ${commandToRepeat()}`
          : "use Linux: the engine can only be built there",
      );
    for (const [link, target] of links)
      writeLink(
        path.join(folder, ...link.split("/")),
        path.join(tensorflow.folder, target),
      );
    fs.mkdirSync(addonFolder, { recursive: true });

    const compiler = await findCompiler(interruption, report);
    report(
      `compiling with ${path.basename(compiler.at(-2) === "ziglang" ? "zig" : compiler[0])}`,
    );
    try {
      await compile(compiler, interruption);
      report("testing it");
      await testDraft(tensorflow.version, interruption);
      fs.renameSync(draftFile, addonFile);
    } finally {
      fs.rmSync(draftFile, { force: true });
      fs.rmSync(zigCache, { recursive: true, force: true });
    }
  },
};

/**
 * @param {string[]} compiler
 * @param {AbortSignal} interruption
 */
async function compile(compiler, interruption) {
  const [program, ...leading] = compiler;
  const { code, output } = await run(program, [...leading, ...parameters], {
    interruption,
    folder,
    variables: compilerVariables(zigCache),
  });
  if (code !== 0)
    throw new SetupError(
      "ERR_PROCESS",
      `The engine's addon could not be compiled with ${program}.`,
      `read ${logFile}, or choose another compiler: CXX=clang++ ${commandToRepeat()}`,
      lastLines(output),
    );
}

/**
 * Loads the new addon in a separate process.
 *
 * @param {string} expected TensorFlow's version.
 * @param {AbortSignal} interruption
 */
async function testDraft(expected, interruption) {
  const program = `process.stdout.write("TensorFlow " + require(${JSON.stringify(draftFile)}).TF_Version)`;
  const { signal, output } = await run(process.execPath, ["-e", program], {
    interruption,
    variables: { ...process.env, TF_CPP_MIN_LOG_LEVEL: "2" },
  });
  if (output.includes(`TensorFlow ${expected}`)) return;
  throw signal === "SIGILL"
    ? new SetupError(
        "ERR_UNSUPPORTED",
        "TensorFlow does not run on this processor: it needs one with AVX.",
        "use another machine",
      )
    : new SetupError(
        "ERR_PROCESS",
        `Expected the engine's addon to load TensorFlow ${expected}, but it does not${signal ? ` (${signal})` : ""}.`,
        `npm run clean, then ${commandToRepeat()}`,
        lastLines(output),
      );
}

/** @returns {{ folder: string, version: string } | undefined} The environment's TensorFlow. */
function wheel() {
  const site = sitePackages();
  if (site === undefined) return undefined;
  const version = fs
    .readdirSync(site)
    .map((name) => /^tensorflow(?:_cpu)?-(.+)\.dist-info$/.exec(name)?.[1])
    .find((found) => found !== undefined);
  if (version === undefined) return undefined;
  return { folder: path.join(site, "tensorflow"), version };
}

/**
 * Creates a relative link, which stays valid when the checkout is moved as a whole.
 *
 * @param {string} link
 * @param {string} target
 */
function writeLink(link, target) {
  fs.mkdirSync(path.dirname(link), { recursive: true });
  fs.rmSync(link, { force: true, recursive: true });
  const from = fs.realpathSync(path.dirname(link));
  fs.symlinkSync(path.relative(from, fs.realpathSync(target)), link);
}
