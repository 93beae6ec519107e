// `npm run lab`: starts JupyterLab on the notebooks, with the kernel installed.
// Arguments after `--` are passed to JupyterLab: `npm run lab -- --no-browser --port 8899`. Ctrl-C
// ends JupyterLab and every kernel it started.

import { setup } from "./setup.mjs";
import { run } from "../src/engine/setup/command.mjs";
import { acceptOnlyHelp } from "./setup/help.mjs";
import { interruptible } from "../src/engine/setup/interruption.mjs";
import { kernelName } from "./setup/jupyter.mjs";
import {
  environmentPython,
  inProject,
  projectVariables,
} from "./setup/project.mjs";
import { Interrupted } from "../src/engine/setup/setup-error.mjs";

/** How long JupyterLab may take to end its kernels after an interrupt, in milliseconds. */
const graceMilliseconds = 20_000;

const help = `npm run lab -- [JUPYTERLAB OPTIONS]

Opens the lessons in JupyterLab, with the kernel installed. Options are passed to JupyterLab, for example
--no-browser --port 8899. Ctrl-C ends JupyterLab and its kernels.`;
const isHelp = process.argv.some((each) => each === "--help" || each === "-h");
if (isHelp) acceptOnlyHelp(help, ["--help"]);
await setup({ quiet: true });
try {
  const { code } = await interruptible((interruption) =>
    run(
      environmentPython,
      [
        ...["-m", "jupyterlab"],
        `--ServerApp.root_dir=${inProject("notebooks")}`,
        `--MappingKernelManager.default_kernel_name=${kernelName}`,
        // File > Save and Export > HTML makes the same pages as `npm run page`.
        "--HTMLExporter.template_name=convnotes",
        ...process.argv.slice(2),
      ],
      {
        interruption,
        variables: projectVariables(),
        inherit: true,
        grace: graceMilliseconds,
      },
    ),
  );
  process.exitCode = code;
} catch (error) {
  if (!(error instanceof Interrupted)) throw error;
}
