// `npm test`: set-up where it is needed, then the type check, the style, and every test that takes seconds.
//
//   npm test -- kernel data/cifar10    only these folders or files of test/
//   npm run test:long                  only test/long/, which takes minutes

import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { setup } from "./setup.mjs";
import { run } from "./setup/command.mjs";
import { interruptible } from "./setup/interruption.mjs";
import {
  inProject,
  outputFolder,
  packagesFolder,
  projectVariables,
} from "./setup/project.mjs";
import { Interrupted } from "./setup/setup-error.mjs";
import { testFiles } from "./test/files.mjs";
import { lanes } from "./test/lanes.mjs";
import { addTallies, noTally, takeTally } from "./test/tally.mjs";

const testFolder = inProject("test");
/** Of this run alone: another may go on at the same time. */
const tallyFile = path.join(outputFolder, "test", `tally-${process.pid}.json`);
const expectedSkipsFile = path.join(testFolder, "expected-skips.json");
/** Compiles the tests' TypeScript, each file once and not anew for each test file. */
const typeScriptRegister = inProject(
  "kernel",
  "dist",
  "typescript-register.js",
);
/** No file of test/ but those of test/long/ takes longer, in milliseconds; one that does hangs, and the run must end. */
const longestFile = 600_000;

const tools = {
  tsc: path.join(packagesFolder, "typescript", "bin", "tsc"),
  eslint: path.join(packagesFolder, "eslint", "bin", "eslint.js"),
  prettier: path.join(packagesFolder, "prettier", "bin", "prettier.cjs"),
};

/** The checks that come before the tests: name, and command lines for Node. */
const checks = [
  { name: "types", commands: [[tools.tsc], [tools.tsc, "-p", "scripts"]] },
  { name: "lint", commands: [[tools.eslint, "."]] },
  {
    name: "format",
    commands: [[tools.prettier, "--check", "--log-level", "warn", "."]],
  },
];

const parameters = process.argv.slice(2);
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
  for (const lane of lanes(testFolder, files)) {
    const succeeded = await runTests(lane, interruption);
    const counted = takeTally(tallyFile);
    // A runner that found nothing to run has shown nothing.
    passed &&= succeeded && Boolean(counted.counts["tests"]);
    tally = addTallies(tally, counted);
  }
  console.log(`tests: ${passed ? "passed" : "FAILED"} in ${since(started)} s`);
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
 * @returns {Promise<boolean>} Whether all of them passed.
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
 * Runs files in one call of Node's runner.
 *
 * @param {{ files: string[], atOnce: number }} lane
 * @param {AbortSignal} interruption
 * @returns {Promise<boolean>}
 */
async function runTests({ files, atOnce }, interruption) {
  fs.mkdirSync(path.dirname(tallyFile), { recursive: true });
  const { code } = await run(
    process.execPath,
    [
      ...["--require", typeScriptRegister, "--test"],
      ...limits(atOnce),
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
 * @param {number} atOnce
 * @returns {string[]} The options of Node's runner, where it has them (from 20.11 on); else it takes all cores but one.
 */
function limits(atOnce) {
  const [major, minor] = process.versions.node.split(".").map(Number);
  if (major < 20 || (major === 20 && minor < 11)) return [];
  return [
    `--test-concurrency=${atOnce}`,
    ...(long ? [] : [`--test-timeout=${longestFile}`]),
  ];
}

/**
 * Shows what was skipped. A skip is expected where test/expected-skips.json has a part of its reason, and names the test or none.
 *
 * @param {{ name: string, reason: string }[]} skips
 * @returns {boolean} Whether there is one that is not expected.
 */
function reportSkips(skips) {
  /** @type {{ name?: string, reason: string }[]} */
  const expected = JSON.parse(fs.readFileSync(expectedSkipsFile, "utf8"));
  let surprise = false;
  for (const { name, reason } of skips) {
    const known = expected.some(
      (entry) => (entry.name ?? name) === name && reason.includes(entry.reason),
    );
    surprise ||= !known;
    console.log(
      `skipped${known ? "" : ", not expected"}: ${name} (${reason || "no reason given"})`,
    );
  }
  if (surprise && process.env.CI === "true")
    console.log(
      `A skip that test/expected-skips.json does not list fails this run.`,
    );
  return surprise;
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
 * @returns {string} Seconds since then.
 */
function since(started) {
  return ((performance.now() - started) / 1_000).toFixed(1);
}
