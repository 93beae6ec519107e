/**
 * Checks the kernel's installation: Node, its packages, and the compiler snapshot.
 */
import { accessSync, constants, existsSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import type * as InternalTypeScript from "../compiler/checker/internal-typescript";
import {
  snapshotPath,
  usableSnapshot,
} from "../compiler/snapshot/snapshot-file";
import { type Finding, ok, problem } from "./finding";
import { installationFolder } from "./program-path";

/** The oldest major version of Node that the kernel supports. */
export const OLDEST_NODE = 20;

// Packages are loaded within their check, so that a broken one is reported and does not end the
// doctor.
const load = createRequire(__filename);

/** Returns whether a version of Node, such as "v22.1.0", is new enough. */
export function isNodeNewEnough(version: string): boolean {
  return Number(/^v(\d+)\./.exec(version)?.[1]) >= OLDEST_NODE;
}

/** Checks the version of Node that runs this program. */
export function checkNode(version: string = process.version): Finding {
  return isNodeNewEnough(version)
    ? ok("Node.js", `${version} (${process.execPath})`)
    : problem(
        "Node.js",
        `Expected version ${OLDEST_NODE} or newer, found ${version}.`,
        "install a newer version from https://nodejs.org",
      );
}

/** Checks the native module that the kernel uses to communicate with Jupyter. */
export function checkZeroMQ(): Finding {
  try {
    const { version } = load("zeromq") as { version: string };
    return ok("ZeroMQ", `${version}, native module loaded`);
  } catch (error) {
    return problem(
      "ZeroMQ",
      `Cannot load the native module: ${firstLine(error)}`,
      `cd ${installationFolder()} && npm install && npm rebuild zeromq`,
    );
  }
}

/** Checks the version of TypeScript, because the kernel uses its internal functions. */
export function checkTypeScript(): Finding {
  try {
    const { internals } = load(
      "../compiler/checker/internal-typescript",
    ) as typeof InternalTypeScript;
    const typescript = load("typescript") as Parameters<typeof internals>[0];
    internals(typescript);
    return ok("TypeScript", typescript.version);
  } catch (error) {
    return problem(
      "TypeScript",
      firstLine(error),
      `cd ${installationFolder()} && npm install`,
    );
  }
}

/**
 * Checks the compiler snapshot. The kernel works without it, so a missing one only has to be
 * writable.
 */
export function checkSnapshot(): Finding {
  const name = "Snapshot";
  const path = snapshotPath();
  if (usableSnapshot() !== undefined) return ok(name, path);
  const build = join(__dirname, "..", "compiler", "snapshot", "build.js");
  const folder = existsSync(dirname(path))
    ? dirname(path)
    : dirname(dirname(path));
  try {
    accessSync(folder, constants.W_OK);
  } catch {
    return problem(
      name,
      `Expected a writable folder ${folder}, but writing is not permitted.`,
      `sudo chown -R "$USER" ${folder}`,
    );
  }
  return ok(
    name,
    `none for this kernel and Node ${process.version}, so it starts a second later. To create one: node ${build}`,
  );
}

/** Returns the first line of an error's message; Node appends the require stack. */
function firstLine(error: unknown): string {
  const [line = ""] = String((error as Error).message).split("\n");
  return line;
}
