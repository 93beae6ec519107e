/**
 * Implements `convnotes kernel doctor`, which checks everything that the kernel needs and says how
 * to fix problems.
 */
import { createRequire } from "node:module";
import { type Finding, findingText, ok, problem } from "./finding";
import { checkCompileCache } from "./folder-check";
import type * as FirstCell from "./first-cell";
import {
  checkNode,
  checkSnapshot,
  checkTypeScript,
  checkZeroMQ,
} from "./installation-checks";
import { checkJupyter, checkKernelspec } from "./jupyter-checks";
import {
  kernelProgram,
  type Kernelspec,
  kernelspecName,
  nameOption,
} from "./kernelspec";
import { installationFolder } from "./program-path";
import { CommandError, type Subcommand, textOption } from "./subcommand";

/**
 * How long a kernel may take to answer its first cell, in seconds. A busy machine takes ten times
 * as long as an idle one.
 */
const ANSWER_SECONDS = 60;

/** Runs all checks. The exit code is 1 if any fails. */
export const doctor: Subcommand = {
  summary: "Check that the kernel works",
  description: `Checks everything that the kernel needs. For each check, prints "ok", or the problem and the command that fixes it.
Starts a kernel in this folder, which must answer 1 + 1. The exit code is 1 if any check fails.`,
  options: {
    name: nameOption,
    "time-limit": {
      type: "string",
      value: "SECONDS",
      help: `How long the kernel may take to answer. Default: ${ANSWER_SECONDS}.`,
    },
  },

  async run(values) {
    const name = kernelspecName(textOption(values, "name"));
    const seconds = timeLimit(textOption(values, "time-limit"));
    const findings: Finding[] = [];
    const report = (finding: Finding) => {
      findings.push(finding);
      console.log(findingText(finding));
    };
    report(checkNode());
    const zeroMQ = checkZeroMQ();
    report(zeroMQ);
    report(checkTypeScript());
    report(checkSnapshot());
    report(checkCompileCache(process.cwd()));
    const jupyter = checkJupyter();
    report(jupyter.finding);
    let spec: Kernelspec | undefined;
    if (jupyter.value !== undefined) {
      const kernelspec = checkKernelspec(jupyter.value, name);
      report(kernelspec.finding);
      spec = kernelspec.value;
    }
    if (zeroMQ.isOk) report(await checkFirstCell(spec, seconds));
    const problems = findings.filter(({ isOk }) => !isOk).length;
    console.log(
      problems === 0
        ? "\nNo problems found."
        : `\n${problems} ${problems === 1 ? "problem" : "problems"} found. The first may cause the others.`,
    );
    return problems === 0 ? 0 : 1;
  },
};

function timeLimit(text: string | undefined): number {
  const seconds = text === undefined ? ANSWER_SECONDS : Number(text);
  // Node's timers are limited to 2**31 - 1 milliseconds.
  if (!(seconds > 0 && seconds <= 86_400)) {
    throw new CommandError(
      "ERR_USAGE",
      `Expected --time-limit to be a number of seconds, greater than 0 and at most 86400, received ${text}.`,
    );
  }
  return seconds;
}

/**
 * Starts a kernel as Jupyter would and runs a cell. Without a kernelspec, uses the one that install
 * writes.
 */
async function checkFirstCell(
  spec: Kernelspec | undefined,
  seconds: number,
): Promise<Finding> {
  const name = "First cell";
  // Loaded only now, as it loads ZeroMQ, which may be broken.
  const { NoAnswer, runFirstCell } = createRequire(__filename)(
    "./first-cell",
  ) as typeof FirstCell;
  const started = performance.now();
  try {
    const result = await runFirstCell(
      spec ?? { argv: [process.execPath, kernelProgram, "{connection_file}"] },
      "1 + 1",
      seconds * 1000,
    );
    const duration = ((performance.now() - started) / 1000).toFixed(1);
    return result === "2"
      ? ok(
          name,
          `the kernel starts, answers 1 + 1 with ${result} and exits (${duration} s)`,
        )
      : problem(
          name,
          `Expected 1 + 1 to be 2, received ${JSON.stringify(result)}.`,
          `cd ${installationFolder()} && npm install`,
        );
  } catch (error) {
    if (!(error instanceof NoAnswer)) throw error;
    return problem(
      name,
      error.message,
      `cd ${installationFolder()} && npm install; if it works in another folder, check package.json and tsconfig.json of this one`,
    );
  }
}
