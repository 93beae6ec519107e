// Programs that set-up calls: found on the search path, run to their end, and never left behind.

import { spawn } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import { forget, remember } from "./leftovers.mjs";
import { logFile, root } from "./project.mjs";

/** How much of a program's output is kept for explaining a failure, in characters. */
const keptOutput = 64_000;
/** How long an interrupted program may take to end by itself, in milliseconds. */
const graceMilliseconds = 2_000;

/**
 * Leaders of the process groups at work.
 *
 * @type {Set<number>}
 */
const running = new Set();

process.on("exit", () => {
  for (const leader of running) signalGroup(leader, "SIGKILL");
});

/**
 * @typedef {object} Outcome
 * @property {number} code The exit code; 1 where a signal ended it.
 * @property {NodeJS.Signals | null} signal The signal that ended the program, where one did.
 * @property {string} output The end of what it wrote, both streams together.
 */

/**
 * @typedef {object} RunOptions
 * @property {AbortSignal} [interruption] Ends the program, and everything it started, when aborted.
 * @property {string} [folder] Working folder; the checkout where not given.
 * @property {NodeJS.ProcessEnv} [variables] Environment variables; this process's own where not given.
 * @property {(line: string) => void} [onLine] Called with each line of output.
 * @property {boolean} [inherit] Leaves the output to the terminal: `output` is then empty, and nothing goes to the log.
 *   Without it, the caller holds the set-up's lock.
 * @property {number} [grace] How long it may take to end once interrupted, in milliseconds.
 */

/**
 * Runs a program to its end. It leads a process group of its own, so that an interruption also ends what it started
 * (a compiler driver's compiler, for one).
 *
 * @param {string} program Name or absolute path.
 * @param {string[]} parameters Its command line.
 * @param {RunOptions} [options]
 * @returns {Promise<Outcome>} Also where the program failed.
 * @throws The reason of the interruption, once no process of the group is left; the system's error where the program
 *   cannot be started.
 */
export async function run(program, parameters, options = {}) {
  const { interruption, onLine, inherit = false } = options;
  interruption?.throwIfAborted();
  const log = inherit ? undefined : openLog();
  if (log) append(log, `\n$ ${[program, ...parameters].join(" ")}\n`);
  const child = spawn(program, parameters, {
    cwd: options.folder ?? root,
    env: options.variables ?? process.env,
    stdio: inherit
      ? ["ignore", "inherit", "inherit"]
      : ["ignore", "pipe", "pipe"],
    detached: true,
  });
  if (child.pid !== undefined) {
    running.add(child.pid);
    if (!inherit) remember(child.pid);
  }

  let output = "";
  let line = "";
  /** @param {Buffer} data */
  const receive = (data) => {
    if (log) append(log, data);
    const text = data.toString();
    output = (output + text).slice(-keptOutput);
    const lines = (line + text).split(/[\r\n]+/);
    line = lines.pop() ?? "";
    for (const whole of lines) if (whole.trim() !== "") onLine?.(whole.trim());
  };
  child.stdout?.on("data", receive);
  child.stderr?.on("data", receive);

  /** @type {NodeJS.Timeout | undefined} */
  let impatience;
  const interrupt = () => {
    const leader = child.pid;
    if (leader === undefined) return;
    signalGroup(leader, "SIGTERM");
    impatience = setTimeout(
      () => signalGroup(leader, "SIGKILL"),
      options.grace ?? graceMilliseconds,
    );
  };
  interruption?.addEventListener("abort", interrupt);
  try {
    const [code, signal] = await ending(child);
    interruption?.throwIfAborted();
    return { code: code ?? 1, signal, output };
  } finally {
    clearTimeout(impatience);
    interruption?.removeEventListener("abort", interrupt);
    if (child.pid !== undefined) running.delete(child.pid);
    if (!inherit) forget();
    if (log) fs.closeSync(log);
  }
}

/**
 * Looks a program up as a shell would.
 *
 * @param {string} program A name, or a path that holds a slash.
 * @returns {string | undefined} Its absolute path, where there is such a program.
 */
export function find(program) {
  const candidates = program.includes("/")
    ? [path.resolve(root, program)]
    : (process.env.PATH ?? "")
        .split(path.delimiter)
        .filter((folder) => folder !== "")
        .map((folder) => path.join(folder, program));
  return candidates.find((candidate) => {
    try {
      fs.accessSync(candidate, fs.constants.X_OK);
      return fs.statSync(candidate).isFile();
    } catch {
      return false;
    }
  });
}

/**
 * @param {import("node:child_process").ChildProcess} child
 * @returns {Promise<[number | null, NodeJS.Signals | null]>} Exit code and signal.
 */
function ending(child) {
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    // What the leader leaves running would hold its output open for ever.
    child.once("exit", () => {
      if (child.pid !== undefined) signalGroup(child.pid, "SIGKILL");
    });
    child.once("close", (code, signal) => resolve([code, signal]));
  });
}

/**
 * @param {number} leader Process id of the group's leader.
 * @param {NodeJS.Signals} signal
 */
function signalGroup(leader, signal) {
  try {
    process.kill(-leader, signal);
  } catch {
    // The whole group is gone already.
  }
}

/** @returns {number} A file descriptor that appends to the log. */
function openLog() {
  fs.mkdirSync(path.dirname(logFile), { recursive: true });
  return fs.openSync(logFile, "a");
}

/**
 * Writes to the log. On a full disk the log is what suffers; the tool that writes there too says so itself.
 *
 * @param {number} log
 * @param {Buffer | string} data
 */
function append(log, data) {
  try {
    fs.appendFileSync(log, data);
  } catch {
    // Nothing depends on the log.
  }
}
