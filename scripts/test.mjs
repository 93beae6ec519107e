// `npm test`: runs setup if needed, then the type check, the style checks and all short tests.
//
//   npm test -- kernel data/cifar10    runs only these folders or files of test/
//   npm run test:long                  runs only test/long/, which takes minutes

import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { setup } from "./setup.mjs";
import { run } from "../src/engine/setup/command.mjs";
import { acceptOnlyHelp } from "./setup/help.mjs";
import { interruptible } from "../src/engine/setup/interruption.mjs";
import {
  inProject,
  outputFolder,
  packagesFolder,
  projectVariables,
} from "./setup/project.mjs";
import { Interrupted } from "../src/engine/setup/setup-error.mjs";
import { testFiles } from "./test/files.mjs";
import { batches } from "./test/batches.mjs";
import { addTallies, noTally, slowestFiles, takeTally } from "./test/tally.mjs";

const testFolder = inProject("test");
/** Named after this process, since another run may be in progress. */
const tallyFile = path.join(outputFolder, "test", `tally-${process.pid}.json`);
const expectedSkipsFile = path.join(testFolder, "expected-skips.json");
/** Compiles the tests' TypeScript, each file once rather than for every test file. */
const typeScriptRegister = inProject(
  "kernel",
  "dist",
  "typescript-register.js",
);
/** Timeout for a test file outside test/long/, in milliseconds. A file that takes longer hangs. */
const longestFile = 600_000;

const tools = {
  tsc: path.join(packagesFolder, "typescript", "bin", "tsc"),
  eslint: path.join(packagesFolder, "eslint", "bin", "eslint.js"),
  prettier: path.join(packagesFolder, "prettier", "bin", "prettier.cjs"),
  cruise: path.join(
    packagesFolder,
    ...["dependency-cruiser", "bin", "dependency-cruise.mjs"],
  ),
  typedoc: path.join(packagesFolder, "typedoc", "bin", "typedoc"),
};

/** The checks before the tests: name, and command lines for Node. */
const checks = [
  { name: "types", commands: [[tools.tsc], [tools.tsc, "-p", "scripts"]] },
  { name: "lint", commands: [[tools.eslint, "."]] },
  {
    name: "format",
    commands: [[tools.prettier, "--check", "--log-level", "warn", "."]],
  },
  {
    name: "imports",
    commands: [[tools.cruise, "src", "kernel", "scripts", "bench"]],
  },
  {
    name: "generated tables",
    commands: [[inProject("bench", "run.mjs"), "report", "--check"]],
  },
  { name: "API reference", commands: [[tools.typedoc, "--emit", "none"]] },
];

const help = `npm test -- [FOLDER ...]        runs setup if needed, the checks, and the tests in these folders of test/ (default: all)
npm run test:long -- [NAME ...]  runs only test/long/, which takes minutes to hours`;

const parameters = process.argv.slice(2);
if (parameters.includes("--help")) acceptOnlyHelp(help, ["--help"]);
const long = parameters.includes("--long");
const filters = parameters.filter((parameter) => !parameter.startsWith("--"));
const unknown = parameters.find(
  (parameter) => parameter.startsWith("--") && parameter !== "--long",
);

try {
  process.exitCode = await interruptible(main);
} catch (error) {
  if (!(error instanceof Interrupted)) throw error;
  console.error("The tests were interrupted.");
  process.exitCode = 128 + os.constants.signals[error.signal];
}

/**
 * @param {AbortSignal} interruption
 * @returns {Promise<number>} The exit code.
 */
async function main(interruption) {
  if (unknown !== undefined)
    return refuse(`Expected --long or folders of test/, received ${unknown}.`);
  const files = testFiles(testFolder, { long, filters });
  if (files.length === 0) {
    const folders = fs
      .readdirSync(testFolder, { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map((entry) => entry.name);
    return refuse(
      `Expected folders or files of test/ (${folders.join(", ")}), received ${filters.join(" ") || "none that holds a test"}.`,
    );
  }

  await setup({ quiet: true });
  /** @type {string[]} */
  const failed = [];
  for (const { name, commands } of filters.length > 0 || long ? [] : checks)
    if (!(await check(name, commands, interruption))) failed.push(name);

  const started = performance.now();
  let passed = true;
  let tally = noTally();
  for (const batch of batches(testFolder, files)) {
    const succeeded = await runTests(batch, interruption);
    const counted = takeTally(tallyFile);
    // A run without any tests has not passed.
    passed &&= succeeded && Boolean(counted.counts["tests"]);
    tally = addTallies(tally, counted);
  }
  console.log(`tests: ${passed ? "passed" : "FAILED"} in ${since(started)} s`);
  if (filters.length === 0) reportSlowest(tally);
  if (!passed) failed.push("tests");
  if (reportSkips(tally.skips) && process.env.CI === "true")
    failed.push("skips");

  if (failed.length > 0) console.log(`\nFailed: ${failed.join(", ")}.`);
  const { pass = 0, fail = 0, cancelled = 0, skipped = 0 } = tally.counts;
  console.log(
    `\n${pass} passed, ${fail + cancelled} failed, ${skipped} skipped`,
  );
  return failed.length > 0 ? 1 : 0;
}

/**
 * @param {string} name
 * @param {string[][]} commands
 * @param {AbortSignal} interruption
 * @returns {Promise<boolean>} Whether all commands succeeded.
 */
async function check(name, commands, interruption) {
  const started = performance.now();
  let passed = true;
  for (const command of commands) {
    const { code } = await run(process.execPath, command, {
      interruption,
      inherit: true,
    });
    passed &&= code === 0;
  }
  console.log(
    `${name}: ${passed ? "passed" : "FAILED"} in ${since(started)} s`,
  );
  return passed;
}

/**
 * Runs test files in one call of Node's runner.
 *
 * @param {{ files: string[], concurrency: number }} batch
 * @param {AbortSignal} interruption
 * @returns {Promise<boolean>}
 */
async function runTests({ files, concurrency }, interruption) {
  fs.mkdirSync(path.dirname(tallyFile), { recursive: true });
  const { code } = await run(
    process.execPath,
    [
      ...["--require", typeScriptRegister, "--test"],
      ...limits(concurrency),
      ...["--test-reporter=spec", "--test-reporter-destination=stdout"],
      "--test-reporter=./scripts/test/tally-reporter.mjs",
      `--test-reporter-destination=${tallyFile}`,
      ...files.map((file) => path.relative(inProject(), file)),
    ],
    {
      interruption,
      inherit: true,
      variables: projectVariables({ TF_CPP_MIN_LOG_LEVEL: "2" }),
    },
  );
  return code === 0;
}

/**
 * @param {number} concurrency
 * @returns {string[]} Options of Node's runner if it supports them (from 20.11); otherwise it uses
 *   all cores but one.
 */
function limits(concurrency) {
  const [major, minor] = process.versions.node.split(".").map(Number);
  if (major < 20 || (major === 20 && minor < 11)) return [];
  return [
    `--test-concurrency=${concurrency}`,
    ...(long ? [] : [`--test-timeout=${longestFile}`]),
  ];
}

/**
 * Prints where the time went. All short tests together should take at most 25 minutes.
 *
 * @param {import("./test/tally-reporter.mjs").Tally} tally
 */
function reportSlowest(tally) {
  console.log("The slowest files:");
  for (const [file, seconds] of slowestFiles(tally))
    console.log(
      `${seconds.toFixed(1).padStart(7)} s  ${path.relative(inProject(), file)}`,
    );
}

/**
 * Prints the skipped tests. A skip is expected if an entry of test/expected-skips.json contains
 * part of its reason, and names the test or no test.
 *
 * @param {{ name: string, reason: string }[]} skips
 * @returns {boolean} Whether any skip is unexpected.
 */
function reportSkips(skips) {
  /** @type {{ name?: string, reason: string }[]} */
  const expected = JSON.parse(fs.readFileSync(expectedSkipsFile, "utf8"));
  let unexpected = false;
  for (const { name, reason } of skips) {
    const known = expected.some(
      (entry) => (entry.name ?? name) === name && reason.includes(entry.reason),
    );
    unexpected ||= !known;
    console.log(
      `skipped${known ? "" : ", unexpected"}: ${name} (${reason || "no reason given"})`,
    );
  }
  if (unexpected && process.env.CI === "true")
    console.log(
      `A skip that test/expected-skips.json does not list fails the run.`,
    );
  return unexpected;
}

/**
 * @param {string} message
 * @returns {number} The exit code.
 */
function refuse(message) {
  console.error(message);
  return 1;
}

/**
 * @param {number} started
 * @returns {string} Seconds since `started`.
 */
function since(started) {
  return ((performance.now() - started) / 1_000).toFixed(1);
}
