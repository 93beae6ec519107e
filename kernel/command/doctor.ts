/**
 * `convnotes kernel doctor`, which looks at everything that a kernel needs and says how to mend what is wrong.
 */
import { createRequire } from "node:module";
import { type Finding, findingText, unwell, well } from "./finding";
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
  DEFAULT_NAME,
  kernelProgram,
  type Kernelspec,
  kernelspecName,
} from "./kernelspec";
import { installationFolder } from "./program-path";
import { CommandError, type Subcommand, textOption } from "./subcommand";

/** How long a kernel may take to answer its first cell, in seconds: a busy machine takes ten times what an idle one does. */
const ANSWER_SECONDS = 60;

/** Looks at everything; exit code 1 if anything is wrong. */
export const doctor: Subcommand = {
  summary: "Look for what keeps the kernel from working.",
  description: `Looks at everything that the kernel needs, and prints for each thing "ok", or what is wrong and the command that
mends it. A kernel is started in this folder and has to answer 1 + 1. The exit code is 1 if anything is wrong.`,
  options: {
    name: {
      type: "string",
      value: "NAME",
      help: `The name of the kernelspec: ${DEFAULT_NAME}.`,
    },
    "time-limit": {
      type: "string",
      value: "SECONDS",
      help: `How long the kernel may take to answer: ${ANSWER_SECONDS}.`,
    },
  },

  async run(values) {
    const name = kernelspecName(textOption(values, "name"));
    const seconds = timeLimit(textOption(values, "time-limit"));
    const findings: Finding[] = [];
    const tell = (finding: Finding) => {
      findings.push(finding);
      console.log(findingText(finding));
    };
    tell(checkNode());
    const zeroMQ = checkZeroMQ();
    tell(zeroMQ);
    tell(checkTypeScript());
    tell(checkSnapshot());
    tell(checkCompileCache(process.cwd()));
    const jupyter = checkJupyter();
    tell(jupyter.finding);
    let spec: Kernelspec | undefined;
    if (jupyter.value !== undefined) {
      const kernelspec = checkKernelspec(jupyter.value, name);
      tell(kernelspec.finding);
      spec = kernelspec.value;
    }
    if (zeroMQ.isWell) tell(await checkFirstCell(spec, seconds));
    const wrong = findings.filter(({ isWell }) => !isWell).length;
    console.log(
      wrong === 0
        ? "\nNothing is wrong."
        : `\n${wrong} ${wrong === 1 ? "thing is" : "things are"} wrong. What comes first may be the reason for what follows.`,
    );
    return wrong === 0 ? 0 : 1;
  },
};

function timeLimit(text: string | undefined): number {
  const seconds = text === undefined ? ANSWER_SECONDS : Number(text);
  // Node's timers take no more than 2**31 - 1 milliseconds.
  if (!(seconds > 0 && seconds <= 86_400)) {
    throw new CommandError(
      `Expected --time-limit to be seconds, more than 0 and at most a day, received ${text}.`,
    );
  }
  return seconds;
}

/** A kernel, started as Jupyter would; without a kernelspec, as install would have it. */
async function checkFirstCell(
  spec: Kernelspec | undefined,
  seconds: number,
): Promise<Finding> {
  const name = "A kernel";
  // Loading it loads ZeroMQ, which may be what is broken.
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
    const passed = ((performance.now() - started) / 1000).toFixed(1);
    return result === "2"
      ? well(
          name,
          `starts, answers 1 + 1 with ${result}, and ends: ${passed} s`,
        )
      : unwell(
          name,
          `Expected 1 + 1 to be 2, received ${JSON.stringify(result)}.`,
          `cd ${installationFolder()} && npm install`,
        );
  } catch (error) {
    if (!(error instanceof NoAnswer)) throw error;
    return unwell(
      name,
      error.message,
      `cd ${installationFolder()} && npm install; if it works in another folder, it is this one's package.json or tsconfig.json`,
    );
  }
}
