// Runs the programs that setup calls: finds them on the search path, waits for their end and leaves
// no process behind.

import { spawn } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import { clearRecord, recordProcess } from "./orphans.mjs";
import { logFile, root } from "./place.mjs";

/** How much of a program's output is kept to explain a failure, in characters. */
const keptOutput = 64_000;
/** How long an interrupted program may take to end before it is killed, in milliseconds. */
const graceMilliseconds = 2_000;

/**
 * Leaders of the running process groups.
 *
 * @type {Set<number>}
 */
const running = new Set();

process.on("exit", () => {
  for (const leader of running) signalGroup(leader, "SIGKILL");
});

/**
 * @typedef {object} Outcome
 * @property {number} code The exit code; 1 if a signal ended the program.
 * @property {NodeJS.Signals | null} signal The signal that ended the program, or null.
 * @property {string} output The end of its output, both streams together.
 */

/**
 * @typedef {object} RunOptions
 * @property {AbortSignal} [interruption] When aborted, ends the program and everything it started.
 * @property {string} [folder] Working folder; the checkout by default.
 * @property {NodeJS.ProcessEnv} [variables] Environment variables; this process's by default.
 * @property {(line: string) => void} [onLine] Called with each line of output.
 * @property {boolean} [inherit] Sends the output to the terminal: `output` is then empty, and
 *   nothing is logged. Without it, the caller must hold setup's lock.
 * @property {number} [grace] How long the program may take to end once interrupted, in
 *   milliseconds.
 */

/**
 * Runs a program to its end. The program leads its own process group, so that an interruption also
 * ends its child processes, such as those of a compiler driver.
 *
 * @param {string} program Name or absolute path.
 * @param {string[]} parameters Its command line.
 * @param {RunOptions} [options]
 * @returns {Promise<Outcome>} The outcome, even if the program failed.
 * @throws The reason of the interruption, once no process of the group is left; the system's error
 *   if the program cannot be started.
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
    if (!inherit) recordProcess(child.pid);
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
  let killTimer;
  const interrupt = () => {
    const leader = child.pid;
    if (leader === undefined) return;
    signalGroup(leader, "SIGTERM");
    killTimer = setTimeout(
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
    clearTimeout(killTimer);
    interruption?.removeEventListener("abort", interrupt);
    if (child.pid !== undefined) running.delete(child.pid);
    if (!inherit) clearRecord();
    if (log) fs.closeSync(log);
  }
}

/**
 * Looks up a program as a shell does.
 *
 * @param {string} program A name, or a path that contains a slash.
 * @returns {string | undefined} Its absolute path, or undefined if there is none.
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
    // Processes that the leader leaves running would keep its output open forever.
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
    // The whole group has ended already.
  }
}

/** @returns {number} A file descriptor that appends to the log. */
function openLog() {
  fs.mkdirSync(path.dirname(logFile), { recursive: true });
  return fs.openSync(logFile, "a");
}

/**
 * Appends to the log, ignoring errors. On a full disk the tool that writes there reports the error
 * itself.
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
