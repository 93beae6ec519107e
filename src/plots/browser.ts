/**
 * A browser on this machine, which draws figures where no page is open.
 */
import { accessSync, constants, realpathSync } from "node:fs";
import path from "node:path";
import type { Browser, LaunchOptions } from "playwright-core";

/** What browsers of Chromium's family are called on a command line. */
const commands = [
  "chromium",
  "chromium-browser",
  "google-chrome",
  "microsoft-edge",
];
/** And where they are installed without one, as on Windows and macOS; the library knows the folders. */
const channels = ["chrome", "msedge"];

/** Interrupting a cell is not ending the process; a browser whose process ended ends by itself. A busy machine takes its time. */
const common: LaunchOptions = {
  timeout: 120_000,
  handleSIGINT: false,
  handleSIGTERM: false,
  handleSIGHUP: false,
};

/** That a figure cannot be drawn on this machine, and why. */
export class NoBrowserError extends Error {
  override readonly name = "NoBrowserError";
}

/**
 * Starts a browser without a window; to be closed by who asked for it.
 *
 * Throws a NoBrowserError if there is none, or none that starts.
 */
export async function startBrowser(): Promise<Browser> {
  // A figure that is never saved shall not load it.
  const { chromium } = await import("playwright-core");
  const failures: string[] = [];
  const ways: LaunchOptions[] = [
    ...commandsOnPath().map((executablePath) => ({ executablePath })),
    ...channels.map((channel) => ({ channel })),
  ];
  for (const way of ways) {
    try {
      return await chromium.launch({ ...common, ...way });
    } catch (error) {
      if (way.executablePath !== undefined)
        failures.push(`${way.executablePath} does not start`);
      else if (!isMissing(error))
        failures.push(`${way.channel} does not start`);
    }
  }
  const found =
    failures.length === 0
      ? "none"
      : `none that starts (${failures.join(", ")})`;
  throw new NoBrowserError(
    `Expected a Chromium, Chrome or Edge to draw with, found ${found}`,
  );
}

/** Whether the library says of a channel that nothing is installed there, or that this system has no such channel. */
function isMissing(error: unknown): boolean {
  return /is not found|is not supported|Unsupported/.test(String(error));
}

function commandsOnPath(): string[] {
  const folders = (process.env["PATH"] ?? "").split(path.delimiter);
  const found = commands
    .flatMap((command) => folders.map((folder) => path.join(folder, command)))
    .filter(isExecutable);
  // One that does not start is not tried again by another name of its folder.
  const places = found.map((file) => realpathSync(file));
  return found.filter((_, index) => places.indexOf(places[index]!) === index);
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
