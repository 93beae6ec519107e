/**
 * Finds npm beside the running Node, and runs it without a shell.
 */
import { coded } from "@convnotes/notebook/coded-error";
import { spawn } from "node:child_process";
import { existsSync, realpathSync } from "node:fs";
import { dirname, join } from "node:path";
import { createInterface } from "node:readline";

/** How an npm process has ended. */
export interface NpmEnd {
  /** Its exit code; null if a signal ended it. */
  readonly code: number | null;
  /** What it has written to standard error, without the lines about fetched files. */
  readonly errors: string;
}

/** What npm reports while it runs. */
export interface NpmListener {
  /** Called with the number of files that have been fetched so far. */
  fetched(count: number): void;
  /** Called with each warning. */
  warned(text: string): void;
}

/**
 * Returns the path of npm's program.
 *
 * @param node The path of Node's program. Default: the running one.
 * @throws {Error} ERR_FILE_MISSING if npm is not installed with Node.
 */
export function npmProgram(node = process.execPath): string {
  const folders = new Set([dirname(node), dirname(realpathSync(node))]);
  for (const folder of folders) {
    const places = [
      join(folder, "..", "lib", "node_modules", "npm", "bin", "npm-cli.js"),
      // On Windows.
      join(folder, "node_modules", "npm", "bin", "npm-cli.js"),
      // A link to the program, as in Debian's package.
      join(folder, "npm"),
    ];
    const found = places.find((place) => existsSync(place));
    if (found === undefined) continue;
    const program = realpathSync(found);
    if (program.endsWith(".js")) return program;
  }
  throw coded(
    "ERR_FILE_MISSING",
    new Error(
      `Expected npm beside Node (${node}), found none. Install Node with npm, as from nodejs.org.`,
    ),
  );
}

/** Matches npm's lines about requests, and those about files that have arrived. */
const REQUEST = /^npm http /;
const FETCHED = /^npm http (?:fetch \w+ 2\d\d|cache) /;
const WARNING = /^npm (?:warn|WARN) (.*)$/;

/**
 * Runs npm in a folder. Resolves when it has ended. An interrupt of the cell reaches it as a
 * signal, because it is a process of the runtime's group.
 */
export function runNpm(
  parameters: readonly string[],
  folder: string,
  { fetched, warned }: NpmListener,
): Promise<NpmEnd> {
  const child = spawn(process.execPath, [npmProgram(), ...parameters], {
    cwd: folder,
    stdio: ["ignore", "ignore", "pipe"],
    env: {
      ...process.env,
      // Also for the npm that npm starts to prepare a package from Git.
      npm_config_ignore_scripts: "true",
      NO_COLOR: "1",
      FORCE_COLOR: undefined,
    },
  });
  const errors: string[] = [];
  let count = 0;
  createInterface({ input: child.stderr }).on("line", (line) => {
    if (REQUEST.test(line)) {
      if (!FETCHED.test(line)) return;
      count += 1;
      fetched(count);
      return;
    }
    const [, warning] = WARNING.exec(line) ?? [];
    if (warning === undefined) errors.push(line);
    else warned(warning);
  });
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code) => resolve({ code, errors: errors.join("\n") }));
  });
}
