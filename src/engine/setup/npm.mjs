// Calls npm.

import fs from "node:fs";
import path from "node:path";
import { find } from "./command.mjs";
import { SetupError, commandToRepeat } from "./setup-error.mjs";

/** How to describe npm if it fails. */
export const registry = {
  registry: "npm's registry",
  settings: "HTTPS_PROXY and npm_config_registry",
};

/**
 * @returns {string[]} The command line of npm: the npm that started this process, else the one on
 *   the search path.
 * @throws {SetupError} If there is none.
 */
export function npm() {
  const starter = process.env.npm_execpath;
  if (starter?.endsWith("npm-cli.js") && fs.existsSync(starter))
    return [process.execPath, starter];
  const program = find("npm");
  if (program === undefined)
    throw new SetupError(
      "ERR_FILE_MISSING",
      "Expected npm beside Node.js, found none on the search path.",
      `sudo apt-get install npm (or install Node.js with npm in it), then ${commandToRepeat()}`,
    );
  return [program];
}

/**
 * Returns the variables for npm. Those that an outer `npm start` set for its script would mislead
 * an inner npm; those that the user set (npm_config_registry, npm_config_cache, ...) stay.
 *
 * @returns {NodeJS.ProcessEnv}
 */
export function npmVariables() {
  const kept = Object.entries(process.env).filter(
    ([name]) =>
      !/^(npm_(package_|lifecycle_|command$|node_execpath$|execpath$|config_local_prefix$)|INIT_CWD$)/.test(
        name,
      ),
  );
  return {
    // npm's default waits between retries add up to more than a minute without output.
    npm_config_fetch_retry_mintimeout: "1000",
    npm_config_fetch_retry_maxtimeout: "5000",
    ...Object.fromEntries(kept),
    PATH: [path.dirname(process.execPath), process.env.PATH]
      .filter(Boolean)
      .join(path.delimiter),
  };
}
