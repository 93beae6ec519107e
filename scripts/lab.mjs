// `npm run lab`: JupyterLab on the notebooks, with the kernel ready. What stands behind `--` goes to JupyterLab:
// `npm run lab -- --no-browser --port 8899`. Ctrl-C ends it, with every kernel it started.

import { setup } from "./setup.mjs";
import { run } from "./setup/command.mjs";
import { interruptible } from "./setup/interruption.mjs";
import { kernelName } from "./setup/jupyter.mjs";
import {
  environmentPython,
  inProject,
  projectVariables,
} from "./setup/project.mjs";
import { Interrupted } from "./setup/setup-error.mjs";

/** How long JupyterLab may take to end its kernels once interrupted, in milliseconds. */
const graceMilliseconds = 20_000;

await setup({ quiet: true });
try {
  const { code } = await interruptible((interruption) =>
    run(
      environmentPython,
      [
        ...["-m", "jupyterlab"],
        `--ServerApp.root_dir=${inProject("notebooks")}`,
        `--MappingKernelManager.default_kernel_name=${kernelName}`,
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
