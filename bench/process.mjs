/**
 * One measurement, which is a process of its own that prints its figures as a line of JSON.
 */
import { spawnSync } from "node:child_process";
import os from "node:os";
import { root } from "./job.mjs";

/**
 * Starts a program, waits for it and reads its figures.
 *
 * @param {readonly string[]} command Program and parameters.
 * @param {Record<string, string | undefined>} variables Of the environment, besides this process's; undefined takes one away.
 * @param {string} firstFigure The name of the first of the figures: their line begins with it.
 * @returns {{figures?: Record<string, any>, output: string, problem?: string}} The figures, or what went wrong.
 *   `cpuSeconds` has to be among them; `foreignLoad` is added: the share of the machine's cores, 0 to 1, that other
 *   processes kept busy meanwhile. A measurement with much of it says little.
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
  const figures = JSON.parse(line);
  const available = ((performance.now() - began) / 1000) * os.cpus().length;
  const foreign = busySeconds() - busyBefore - figures.cpuSeconds;
  figures.foreignLoad = Math.max(0, foreign / available);
  return { output: stdout, figures };
}

/** Seconds that the machine's cores have worked since it was started. */
function busySeconds() {
  const milliseconds = os
    .cpus()
    .map(({ times: { user, nice, sys, irq } }) => user + nice + sys + irq);
  return milliseconds.reduce((sum, each) => sum + each, 0) / 1000;
}
