/**
 * Runs one measurement: a separate process that prints its values as a line of JSON.
 */
import { spawnSync } from "node:child_process";
import os from "node:os";
import { BenchError } from "./bench-error.mjs";
import { root, typeScriptRegister } from "./job.mjs";

/**
 * Runs a program to its end and reads its values.
 *
 * @param {readonly string[]} command Program and parameters.
 * @param {Record<string, string | undefined>} variables Environment variables added to this
 *   process's; undefined removes one.
 * @param {string} firstFigure Name of the first value, with which the line begins.
 * @returns {{figures?: Record<string, any>, output: string, problem?: string}} The values, or the
 *   problem. The values must contain `cpuSeconds`; `foreignLoad` is added: the share of the
 *   machine's cores, 0 to 1, used by other processes meanwhile. A measurement with a high
 *   `foreignLoad` is unreliable.
 * @throws {BenchError} If the program cannot be started.
 */
export function measureProcess(command, variables, firstFigure) {
  const [program, ...parameters] = command;
  const environment = { ...process.env, ...variables };
  for (const [name, value] of Object.entries(environment)) {
    if (value === undefined) delete environment[name];
  }
  const began = performance.now();
  const busyBefore = busySeconds();
  const { stdout, stderr, status, signal, error } = spawnSync(
    program,
    parameters,
    {
      cwd: root,
      env: environment,
      encoding: "utf8",
      maxBuffer: 2 ** 30,
    },
  );
  if (status !== 0) {
    const problem =
      error?.message ||
      (signal && `ended by ${signal}`) ||
      stderr.trim().split("\n").slice(-12).join("\n");
    return { output: stdout ?? "", problem };
  }
  const line = stdout
    .split("\n")
    .findLast((line) => line.startsWith(`{"${firstFigure}"`));
  if (line === undefined) {
    throw new BenchError(
      "ERR_PROCESS",
      `Expected a line that begins with {"${firstFigure}", received:\n${stdout}`,
    );
  }
  const figures = JSON.parse(line);
  const available = ((performance.now() - began) / 1000) * os.cpus().length;
  const foreign = busySeconds() - busyBefore - figures.cpuSeconds;
  figures.foreignLoad = Math.max(0, foreign / available);
  return { output: stdout, figures };
}

/**
 * Runs a TypeScript program of a benchmark to its end.
 *
 * @param {string} program Its path below the project's folder.
 * @param {Record<string, string | number>} values The values of its options, by name.
 * @returns {any} The JSON value in the last line of its output.
 * @throws {BenchError} If it fails.
 */
export function valuesOf(program, values) {
  const { stdout, stderr, status } = spawnSync(
    process.execPath,
    [
      ...["--require", typeScriptRegister, program],
      ...Object.entries(values).flatMap(([name, value]) => [
        `--${name}`,
        String(value),
      ]),
    ],
    { cwd: root, encoding: "utf8" },
  );
  if (status !== 0) {
    throw new BenchError(
      "ERR_PROCESS",
      `The measured process failed:\n${stderr}`,
    );
  }
  return lastLineValue(stdout);
}

/**
 * @param {string} output
 * @returns {any} The JSON value in the last line of a program's output.
 */
export function lastLineValue(output) {
  const lines = output.trim().split("\n");
  return JSON.parse(lines[lines.length - 1]);
}

/**
 * @param {string} errors What a failed program wrote to standard error.
 * @returns {string} The error of a Python program without its traceback; all lines of any other.
 */
export function reasonOf(errors) {
  const lines = errors.trim().split("\n");
  const isPython = lines.some((line) => line.startsWith("Traceback "));
  return isPython ? (lines.at(-1) ?? "") : lines.join("\n");
}

/** Returns the CPU seconds of all cores since the machine was started. */
function busySeconds() {
  const milliseconds = os
    .cpus()
    .map(({ times: { user, nice, sys, irq } }) => user + nice + sys + irq);
  return milliseconds.reduce((sum, each) => sum + each, 0) / 1000;
}
