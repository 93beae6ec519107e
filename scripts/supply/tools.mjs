// Step: creates the environment of the tools for SBOMs and audits, out/supply/, from pinned and
// hashed requirements. Only those who run these commands need it.

import fs from "node:fs";
import path from "node:path";
import { run } from "../../src/engine/setup/command.mjs";
import { explain } from "../../src/engine/setup/diagnosis.mjs";
import { pip } from "../../src/engine/setup/pip.mjs";
import { hashFiles } from "../../src/engine/setup/stamp.mjs";
import { whyStale } from "../../src/engine/setup/step.mjs";
import { performAll } from "../../src/engine/setup/steps.mjs";
import { alone } from "../setup/alone.mjs";
import { environmentPython, inProject } from "../setup/project.mjs";
import { uvInstall } from "../setup/uv.mjs";

const folder = inProject("out", "supply");
const requirements = inProject("scripts", "supply", "requirements.txt");
/** The environment's Python. */
export const toolsPython = path.join(folder, "bin", "python");

/** @type {import("../../src/engine/setup/step.mjs").Step} */
const tools = {
  name: "tools (out/supply)",
  stamp: path.join(folder, "convnotes.json"),
  folder,
  bytes: 0.1e9,
  makes: () => [toolsPython],
  inputs: () => ({
    "scripts/supply/requirements.txt": hashFiles([requirements]),
  }),

  async run({ interruption }) {
    fs.rmSync(folder, { recursive: true, force: true });
    const what = "The tools could not be installed";
    const created = await run(
      environmentPython,
      ["-I", "-m", "venv", "--without-pip", folder],
      { interruption },
    );
    if (created.code !== 0) throw explain(what, created.output, pip);
    const installed = await uvInstall(toolsPython, requirements, {
      interruption,
    });
    if (installed.code !== 0) throw explain(what, installed.output, pip);
  },
};

/**
 * Runs work with the tools installed, while no setup runs.
 *
 * @template T
 * @param {(interruption: AbortSignal) => Promise<T>} work
 * @returns {Promise<T>} The work's result.
 */
export function withTools(work) {
  return alone(async (interruption) => {
    if (whyStale(tools) !== undefined) await performAll([tools], interruption);
    return work(interruption);
  });
}
