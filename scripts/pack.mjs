// `npm run pack`: makes the tarballs of the packages that can be installed from the npm registry.

import { spawnSync } from "node:child_process";
import { acceptOnlyHelp } from "./setup/help.mjs";
import { npm } from "../src/engine/setup/npm.mjs";
import { inProject } from "./setup/project.mjs";
import { setup } from "./setup.mjs";

const help = `npm run pack -- [--help]

Compiles the packages and writes their tarballs to out/: @convnotes/notebook, @convnotes/engine, convnotes and
@convnotes/kernel.

  --help, -h   this text`;

/** Returns the exit code: 0, or 1 if npm fails. */
async function main() {
  await setup({ quiet: true });
  // Not at the top: it loads packages, which are not installed in a fresh clone.
  const { stagePackages } = await import("./pack/stage.mjs");
  for (const folder of await stagePackages(inProject("out", "pack"))) {
    const [program, ...leading] = npm();
    const { status, stdout, stderr } = spawnSync(
      program,
      [...leading, "pack", "--json", "--pack-destination", inProject("out")],
      { cwd: folder, encoding: "utf8" },
    );
    if (status !== 0) {
      console.error(`npm could not pack ${folder}:\n${stderr}`);
      return 1;
    }
    const [{ filename, size, entryCount }] = JSON.parse(stdout);
    const kilobytes = (size / 1000).toFixed(0);
    console.log(`out/${filename}: ${entryCount} files, ${kilobytes} kB`);
  }
  return 0;
}

acceptOnlyHelp(help);
process.exitCode = await main();
