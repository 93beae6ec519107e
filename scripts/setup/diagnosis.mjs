// Turns the output of a failing tool into one sentence and the command that fixes the problem.
// pip, npm and compilers report the same few causes in many words: no network, no space, no
// permission.

import { logFile, root } from "./project.mjs";
import { SetupError, commandToRepeat } from "./setup-error.mjs";

/** Number of the tool's last lines that are shown. */
const shownLines = 4;
/**
 * Number of the tool's last lines that are searched for the cause. The tool has recovered from
 * earlier errors.
 */
const decidingLines = 40;
/** Maximum length of a shown line, in characters. */
const shownColumns = 200;

const patterns = {
  space: /ENOSPC|No space left on device|disk quota exceeded|EDQUOT/i,
  permission:
    /EACCES|EPERM|EROFS|Permission denied|Read-only file system|Operation not permitted/i,
  network:
    /ECONNREFUSED|ECONNRESET|ENOTFOUND|EAI_AGAIN|ETIMEDOUT|ENETUNREACH|EHOSTUNREACH|ERR_SOCKET_TIMEOUT|NewConnectionError|ConnectTimeoutError|ReadTimeoutError|Max retries exceeded|Connection refused|Temporary failure in name resolution|Name or service not known|ProxyError|SSLError|Connection broken/i,
};

/**
 * A known cause of failure of a tool.
 *
 * @typedef {object} Cause
 * @property {RegExp} pattern Matches the tool's output.
 * @property {string} reason Describes the cause.
 * @property {string} remedy The command that fixes it.
 */

/**
 * Explains a tool's failure.
 *
 * @param {string} what What failed, as the start of a sentence: "The Python packages could not be
 *   installed".
 * @param {string} output The tool's output.
 * @param {object} tool
 * @param {string} tool.registry The registry that the tool downloads from, in words: "the Python
 *   package index".
 * @param {string} tool.settings The variables that set another registry or a proxy.
 * @param {Cause[]} [tool.causes] Further known causes of failure of this tool.
 * @returns {SetupError} To be thrown.
 */
export function explain(what, output, tool) {
  const end = output.split("\n").slice(-decidingLines).join("\n");
  const cause = tool.causes?.find(({ pattern }) => pattern.test(end));
  if (patterns.space.test(end)) return fullDisk(what);
  if (patterns.network.test(end))
    return new SetupError(
      "ERR_DOWNLOAD",
      `${what}: ${tool.registry} cannot be reached.`,
      `check the network (${tool.settings} may name a proxy or another registry), then ${commandToRepeat()}`,
    );
  if (cause)
    return new SetupError(
      "ERR_PROCESS",
      `${what}: ${cause.reason}.`,
      cause.remedy,
    );
  if (patterns.permission.test(end))
    return noPermission(what, lastLines(output));
  return new SetupError(
    "ERR_PROCESS",
    `${what}.`,
    `read ${logFile}, then ${commandToRepeat()}`,
    lastLines(output),
  );
}

/**
 * Explains a file system error of this process.
 *
 * @param {unknown} error
 * @returns {SetupError | undefined} Undefined for any other error.
 */
export function explainFileError(error) {
  const code = /** @type {NodeJS.ErrnoException} */ (error)?.code ?? "";
  const file = /** @type {NodeJS.ErrnoException} */ (error)?.path ?? root;
  const what = `Setup cannot write ${file}`;
  if (["ENOSPC", "EDQUOT"].includes(code)) return fullDisk(what);
  if (["EACCES", "EPERM", "EROFS"].includes(code)) return noPermission(what);
  return undefined;
}

/** @param {string} what */
function fullDisk(what) {
  return new SetupError(
    "ERR_DISK",
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
    "ERR_DISK",
    `${what}: the system refuses permission.`,
    `sudo chown -R ${user} ${root}, then ${commandToRepeat()}`,
    evidence,
  );
}

/**
 * @param {string} output
 * @returns {string[]} The last lines worth showing: no stack traces and no empty lines.
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
