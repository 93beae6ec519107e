/**
 * Starts a locally installed browser that draws figures outside a notebook page.
 */
import { accessSync, constants, realpathSync } from "node:fs";
import path from "node:path";
import type { Browser, LaunchOptions } from "playwright-core";
import type { ErrorCode } from "../notebook/coded-error";

/** Command names of Chromium-based browsers. */
const commands = [
  "chromium",
  "chromium-browser",
  "google-chrome",
  "microsoft-edge",
];
/** Installations without a command, as on Windows and macOS; Playwright knows their folders. */
const channels = ["chrome", "msedge"];

/**
 * The browser ignores signals, because interrupting a cell does not end the process; it exits with
 * its parent process. The long timeout is for busy machines.
 */
const common: LaunchOptions = {
  timeout: 120_000,
  handleSIGINT: false,
  handleSIGTERM: false,
  handleSIGHUP: false,
};

/** No browser can draw the figure on this machine; the message contains the reason. */
export class NoBrowserError extends Error {
  override readonly name = "NoBrowserError";
  readonly code = "ERR_UNSUPPORTED" satisfies ErrorCode;
}

/**
 * Starts a headless browser. The caller closes it.
 *
 * Throws a NoBrowserError if no browser is installed, or none starts.
 */
export async function startBrowser(): Promise<Browser> {
  // Loaded on demand: it is not needed unless a figure is saved.
  const { chromium } = await import("playwright-core");
  const failures: string[] = [];
  const candidates: LaunchOptions[] = [
    ...commandsOnPath().map((executablePath) => ({ executablePath })),
    ...channels.map((channel) => ({ channel })),
  ];
  for (const candidate of candidates) {
    try {
      return await chromium.launch({ ...common, ...candidate });
    } catch (error) {
      if (candidate.executablePath !== undefined)
        failures.push(`${candidate.executablePath} does not start`);
      else if (!isMissing(error))
        failures.push(`${candidate.channel} does not start`);
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

/**
 * Whether Playwright's error means that a channel is not installed, or not supported on this
 * system.
 */
function isMissing(error: unknown): boolean {
  return /is not found|is not supported|Unsupported/.test(String(error));
}

function commandsOnPath(): string[] {
  const folders = (process.env["PATH"] ?? "").split(path.delimiter);
  const found = commands
    .flatMap((command) => folders.map((folder) => path.join(folder, command)))
    .filter(isExecutable);
  // Skips other names of the same file, so that a browser that fails to start is tried only once.
  const paths = found.map((file) => realpathSync(file));
  return found.filter((_, index) => paths.indexOf(paths[index]!) === index);
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
