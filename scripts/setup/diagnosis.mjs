// From what a failing tool said to one sentence and the command that mends it. pip, npm and compilers each say the same
// few things in many words: no network, no space, no permission.

import { logFile, root } from "./project.mjs";
import { SetupError, commandToRepeat } from "./setup-error.mjs";

/** How many of the tool's last lines are shown. */
const shownLines = 4;
/** How many of the tool's last lines are searched for the cause: what went wrong earlier, the tool has got over. */
const decidingLines = 40;
/** How long a shown line may be, in characters. */
const shownColumns = 200;

const patterns = {
  space: /ENOSPC|No space left on device|disk quota exceeded|EDQUOT/i,
  permission:
    /EACCES|EPERM|EROFS|Permission denied|Read-only file system|Operation not permitted/i,
  network:
    /ECONNREFUSED|ECONNRESET|ENOTFOUND|EAI_AGAIN|ETIMEDOUT|ENETUNREACH|EHOSTUNREACH|ERR_SOCKET_TIMEOUT|NewConnectionError|ConnectTimeoutError|ReadTimeoutError|Max retries exceeded|Connection refused|Temporary failure in name resolution|Name or service not known|ProxyError|SSLError|Connection broken/i,
};

/**
 * One thing that a tool is known to fail of.
 *
 * @typedef {object} Cause
 * @property {RegExp} pattern How it shows in the tool's output.
 * @property {string} reason How to say it.
 * @property {string} remedy The command that mends it.
 */

/**
 * Explains a tool's failure.
 *
 * @param {string} what What was being done, as the start of a sentence: "The Python packages could not be installed".
 * @param {string} output What the tool wrote.
 * @param {object} tool
 * @param {string} tool.registry What the tool fetches from, in words: "the Python package index".
 * @param {string} tool.settings The variables that name another registry or a proxy.
 * @param {Cause[]} [tool.causes] What else this tool is known to fail of.
 * @returns {SetupError} To be thrown.
 */
export function explain(what, output, tool) {
  const end = output.split("\n").slice(-decidingLines).join("\n");
  const cause = tool.causes?.find(({ pattern }) => pattern.test(end));
  if (patterns.space.test(end)) return fullDisk(what);
  if (patterns.network.test(end))
    return new SetupError(
      `${what}: ${tool.registry} cannot be reached.`,
      `check the network (${tool.settings} may name a proxy or another registry), then ${commandToRepeat()}`,
    );
  if (cause) return new SetupError(`${what}: ${cause.reason}.`, cause.remedy);
  if (patterns.permission.test(end))
    return noPermission(what, lastLines(output));
  return new SetupError(
    `${what}.`,
    `read ${logFile}, then ${commandToRepeat()}`,
    lastLines(output),
  );
}

/**
 * Explains an error of the file system that this process met itself.
 *
 * @param {unknown} error
 * @returns {SetupError | undefined} Undefined where it is no such error.
 */
export function explainFileError(error) {
  const code = /** @type {NodeJS.ErrnoException} */ (error)?.code ?? "";
  const file = /** @type {NodeJS.ErrnoException} */ (error)?.path ?? root;
  const what = `Set-up cannot write ${file}`;
  if (["ENOSPC", "EDQUOT"].includes(code)) return fullDisk(what);
  if (["EACCES", "EPERM", "EROFS"].includes(code)) return noPermission(what);
  return undefined;
}

/** @param {string} what */
function fullDisk(what) {
  return new SetupError(
    `${what}: no space is left on the disk.`,
    `free some space (\`df -h ${root} ~ /tmp\` shows where it is short), then ${commandToRepeat()}`,
  );
}

/**
 * @param {string} what
 * @param {string[]} [evidence]
 */
function noPermission(what, evidence) {
  const user = process.getuid?.() ?? "$(id -u)";
  return new SetupError(
    `${what}: the system refuses permission.`,
    `sudo chown -R ${user} ${root}, then ${commandToRepeat()}`,
    evidence,
  );
}

/**
 * @param {string} output
 * @returns {string[]} Its last lines that are fit for a person: no stack trace, nothing empty.
 */
export function lastLines(output) {
  return output
    .split(/[\r\n]+/)
    .filter((line) => /\w/.test(line))
    .filter(
      (line) =>
        !/^(npm error\s*$|(npm error )?(\s+at |\s{4,}|\s*File "|Traceback|.*complete log of this run))/.test(
          line,
        ),
    )
    .slice(-shownLines)
    .map((line) => line.slice(0, shownColumns));
}
