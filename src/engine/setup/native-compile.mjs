// Compiles many files in parallel, one process per core, and stops at the first failure.
// A separate program, started by native.mjs: its compilers belong to its process group, so whatever
// ends this program ends them too.
//
//   node native-compile.mjs PLAN    PLAN is a file that contains a Plan as JSON

import { spawn } from "node:child_process";
import fs from "node:fs";
import os from "node:os";

/**
 * @typedef {object} Plan
 * @property {string[]} compiler The start of each command line.
 * @property {string} folder Working folder of all jobs.
 * @property {{ title: string, parameters: string[] }[]} jobs Longest first, so that no core is idle
 *   at the end.
 */

/** @type {Plan} */
const plan = JSON.parse(fs.readFileSync(process.argv[2], "utf8"));
let begun = 0;

await Promise.all(
  Array.from({ length: os.availableParallelism() }, async () => {
    while (begun < plan.jobs.length) {
      const { title, parameters } = plan.jobs[begun++];
      console.log(`compiling ${title} (${begun} of ${plan.jobs.length})`);
      await compile(parameters);
    }
  }),
);

/**
 * Compiles one file; ends this program if the compiler fails. The output is held back until the
 * compiler ends, since several compilers run at once.
 *
 * @param {string[]} parameters
 * @returns {Promise<void>}
 */
function compile(parameters) {
  const [program, ...leading] = plan.compiler;
  const command = [...leading, ...parameters];
  return new Promise((resolve) => {
    let output = "";
    const child = spawn(program, command, {
      cwd: plan.folder,
      stdio: ["ignore", "pipe", "pipe"],
    });
    for (const stream of [child.stdout, child.stderr])
      stream.on("data", (data) => (output += data));
    child.once("error", (error) => fail(command, error.message));
    child.once("close", (code, signal) => {
      if (code === 0) resolve(undefined);
      else fail(command, signal ? `${output}\nended by ${signal}` : output);
    });
  });
}

/**
 * @param {string[]} command
 * @param {string} output
 * @returns {never}
 */
function fail(command, output) {
  fs.writeSync(1, `$ ${plan.compiler[0]} ${command.join(" ")}\n${output}\n`);
  process.exit(1);
}
