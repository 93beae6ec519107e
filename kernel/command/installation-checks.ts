/**
 * The doctor's look at the kernel itself: Node, the kernel's packages, and the snapshot that lets it start sooner.
 */
import { accessSync, constants, existsSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import type * as InnerTypeScript from "../compiler/checker/inner-typescript";
import {
  snapshotPath,
  usableSnapshot,
} from "../compiler/snapshot/snapshot-file";
import { type Finding, unwell, well } from "./finding";
import { installationFolder } from "./program-path";

/** The oldest Node that the kernel runs on. */
export const OLDEST_NODE = 20;

// Packages are loaded when they are looked at: one that cannot be is a finding, not the doctor's end.
const load = createRequire(__filename);

/** Whether a version of Node, such as "v22.1.0", is new enough. */
export function isNodeNewEnough(version: string): boolean {
  return Number(/^v(\d+)\./.exec(version)?.[1]) >= OLDEST_NODE;
}

/** The Node that runs this. */
export function checkNode(version: string = process.version): Finding {
  return isNodeNewEnough(version)
    ? well("Node.js", `${version} (${process.execPath})`)
    : unwell(
        "Node.js",
        `Expected version ${OLDEST_NODE} or newer, found ${version}.`,
        "install a newer one from https://nodejs.org",
      );
}

/** The native module by which the kernel talks to Jupyter. */
export function checkZeroMQ(): Finding {
  try {
    const { version } = load("zeromq") as { version: string };
    return well("ZeroMQ", `${version}, its native module loads`);
  } catch (error) {
    return unwell(
      "ZeroMQ",
      `Its native module does not load: ${firstLine(error)}`,
      `cd ${installationFolder()} && npm install && npm rebuild zeromq`,
    );
  }
}

/** The version of TypeScript, whose inner functions the kernel uses. */
export function checkTypeScript(): Finding {
  try {
    const { inner } = load(
      "../compiler/checker/inner-typescript",
    ) as typeof InnerTypeScript;
    const typescript = load("typescript") as Parameters<typeof inner>[0];
    inner(typescript);
    return well("TypeScript", typescript.version);
  } catch (error) {
    return unwell(
      "TypeScript",
      firstLine(error),
      `cd ${installationFolder()} && npm install`,
    );
  }
}

/** The snapshot of the compiler: the kernel works without it, so it only has to be possible to write one. */
export function checkSnapshot(): Finding {
  const name = "Quick start";
  const path = snapshotPath();
  if (usableSnapshot() !== undefined) return well(name, path);
  const build = join(__dirname, "..", "compiler", "snapshot", "build.js");
  const folder = existsSync(dirname(path))
    ? dirname(path)
    : dirname(dirname(path));
  try {
    accessSync(folder, constants.W_OK);
  } catch {
    return unwell(
      name,
      `Expected to be able to write in ${folder}, may not.`,
      `sudo chown -R "$USER" ${folder}`,
    );
  }
  return well(
    name,
    `no snapshot for this kernel and Node ${process.version}, so that it starts a second later. To make one: node ${build}`,
  );
}

/** What an error says first; Node adds the stack of modules below. */
function firstLine(error: unknown): string {
  return String((error as Error).message).split("\n")[0];
}
