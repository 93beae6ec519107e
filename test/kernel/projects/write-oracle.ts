/**
 * Writes oracle.json, the results of tsc and Node for each project of the list.
 *
 *     node -r ts-node/register/transpile-only test/kernel/projects/write-oracle.ts \
 *       [--typescript FOLDER] [NAME …]
 *
 * With names, only these projects are run, and their results are printed instead of written. FOLDER
 * is the folder of another package `typescript`.
 */
import { writeFileSync } from "node:fs";
import { projects } from "./list";
import { Oracle } from "./tsc-and-node";
import { oraclePath, oracleText } from "./oracle-file";
import type { Result } from "./project";

const parameters = process.argv.slice(2);
const at = parameters.indexOf("--typescript");
const packageFolder = at < 0 ? undefined : parameters.splice(at, 2)[1];

const oracle = new Oracle(packageFolder);
const results: Record<string, Result> = {};
for (const project of projects) {
  const { name } = project;
  if (
    parameters.length > 0 &&
    !parameters.some((part) => name.includes(part))
  ) {
    continue;
  }
  try {
    const [result] = oracle.results(project, [process.execPath]);
    if (result) results[name] = result;
  } catch (error) {
    console.error(`${name}: ${(error as Error).message}`);
    process.exitCode = 1;
  }
}
if (parameters.length > 0) {
  console.log(oracleText(results));
} else if (process.exitCode === undefined) {
  writeFileSync(oraclePath, oracleText(results));
  console.log(`${projects.length} projects, TypeScript ${oracle.version}`);
}
