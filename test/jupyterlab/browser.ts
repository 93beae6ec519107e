/**
 * Finds the system's Chromium for the browser tests.
 */
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import path from "node:path";

const NAMES = ["chromium", "chromium-browser", "google-chrome"];

/** Path of a working Chromium, or undefined if there is none. */
export const browser: string | undefined = NAMES.flatMap((name) =>
  (process.env.PATH ?? "")
    .split(path.delimiter)
    .map((folder) => path.join(folder, name)),
).find(
  (file) => existsSync(file) && spawnSync(file, ["--version"]).status === 0,
);

/** Why browser tests cannot run here, or false if they can. */
export const noBrowser =
  browser === undefined
    ? "there is no chromium, chromium-browser or google-chrome on the path"
    : false;
