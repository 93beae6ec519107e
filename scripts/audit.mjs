// `npm run audit`: asks the registries which of the project's packages have known vulnerabilities.

import { spawnSync } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import { requirementOf } from "./pack/requirements.mjs";
import { acceptOnlyHelp } from "./setup/help.mjs";
import { inProject, root } from "./setup/project.mjs";
import { setup } from "./setup.mjs";
import { readNpmAudit, readPipAudit } from "./supply/audit-reports.mjs";
import { toolsPython, withTools } from "./supply/tools.mjs";
import { npm, npmVariables } from "../src/engine/setup/npm.mjs";
import { giveUp } from "../src/engine/setup/steps.mjs";

const help = `npm run audit -- [--help]

Runs \`npm audit\` for package-lock.json and pip-audit for the files of requirements, and prints the known
vulnerabilities. The exit code is 0 if there are none, 1 if there are some, and 3 if a registry does not answer.

  -h, --help   this text`;

const requirements = [
  "requirements.txt",
  "requirements-uv.txt",
  "requirements-compiler.txt",
  "scripts/class/requirements.txt",
  "scripts/supply/requirements.txt",
];
/** A package that every index has. */
const known = { name: "pip", file: "requirements.txt" };
const someFindings = 1;
const noAnswer = 3;

/** @typedef {import("./supply/audit-reports.mjs").Audit} Audit */

/** @returns {Audit[]} Of the project's packages and of the hub's. */
function auditNpm() {
  const [program, ...leading] = npm();
  return [root, inProject("scripts", "class")].map((folder) =>
    readNpmAudit(
      spawnSync(
        program,
        [...leading, "audit", "--json", "--package-lock-only", "--audit"],
        {
          cwd: folder,
          encoding: "utf8",
          env: npmVariables(),
          maxBuffer: 1e8,
        },
      ).stdout,
    ),
  );
}

/** @returns {Audit[]} */
function auditPython() {
  // Asks about one package first: an index without answers is not asked about all of them.
  const file = inProject("out", "setup", "audit.txt");
  fs.mkdirSync(path.dirname(file), { recursive: true });
  fs.writeFileSync(file, requirementOf(inProject(known.file), known.name));
  const first = pipAudit(file);
  fs.rmSync(file);
  if (first.silence !== undefined) return [first];
  return requirements.map((name) => pipAudit(inProject(name)));
}

/**
 * @param {string} file Pinned and hashed requirements.
 * @returns {Audit}
 */
function pipAudit(file) {
  const options = ["--format=json", "--progress-spinner=off", "--disable-pip"];
  return readPipAudit(
    spawnSync(
      toolsPython,
      [
        ...["-I", "-m", "pip_audit", ...options],
        ...["--require-hashes", "--requirement", file],
      ],
      { encoding: "utf8", maxBuffer: 1e8 },
    ).stdout,
  );
}

acceptOnlyHelp(help);
await setup({ quiet: true });
try {
  const audits = await withTools(async () => [...auditNpm(), ...auditPython()]);
  const findings = [...new Set(audits.flatMap((each) => each.findings))];
  const silent = new Set(audits.flatMap(({ silence }) => silence ?? []));
  for (const each of [...findings, ...silent]) console.log(each);
  if (silent.size === 0 && findings.length === 0)
    console.log("No known vulnerabilities.");
  process.exitCode =
    findings.length > 0 ? someFindings : silent.size > 0 ? noAnswer : 0;
} catch (error) {
  giveUp(error);
}
