/**
 * The kernel's front door: `node main.js CONNECTION_FILE`, as the kernelspec has it.
 *
 * This process owns the sockets and never runs a cell; see `front/kernel.ts` for what it answers and
 * `runtime/main.ts` for the process beside it.
 */
import { CompilerClient } from "./compiler/compiler-client";
import { projectFolder } from "./compiler/folders";
import { Kernel } from "./front/kernel";
import { readConnectionFile } from "./wire/connection-file";

async function main(path: string | undefined): Promise<void> {
  if (path === undefined) {
    throw new Error(
      "Expected the path of a connection file, received none. Jupyter starts the kernel: jupyter lab.",
    );
  }
  const notebookFolder = process.cwd();
  const kernel = new Kernel(
    readConnectionFile(path),
    new CompilerClient({
      notebookFolder,
      projectFolder: projectFolder(notebookFolder),
    }),
  );
  process.on("SIGINT", () => kernel.interrupt());
  process.on("SIGTERM", () => void kernel.close());
  await kernel.serve();
}

main(process.argv[2]).then(
  () => process.exit(0),
  (error: Error) => {
    console.error(error.message);
    process.exit(1);
  },
);
