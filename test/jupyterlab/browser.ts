/**
 * The browser of the tests: Chromium as the system has it.
 */
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import path from "node:path";

const NAMES = ["chromium", "chromium-browser", "google-chrome"];

/** The path of a Chromium that starts, or undefined where there is none. */
export const browser: string | undefined = NAMES.flatMap((name) =>
  (process.env.PATH ?? "")
    .split(path.delimiter)
    .map((folder) => path.join(folder, name)),
).find(
  (file) => existsSync(file) && spawnSync(file, ["--version"]).status === 0,
);

/** Why pages cannot be looked at here, or false where they can. */
export const noBrowser =
  browser === undefined
    ? "there is no chromium, chromium-browser or google-chrome on the path"
    : false;
