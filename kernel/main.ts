/**
 * The kernel's program: `node main.js [--compiler checked|tslab] CONNECTION_FILE`, as the kernelspec has it.
 *
 * This process owns the sockets and never runs a cell; see `front/kernel.ts` for what it answers and
 * `runtime/main.ts` for the process beside it.
 */
// First of ours: it takes note of this process's parent as it is loaded.
import { endWithJupyter } from "./front/jupyter-watch";
import { parseArgs } from "node:util";
import { CompilerClient } from "./compiler/compiler-client";
import { compilerNames, compilerSettings } from "./compiler/settings";
import { readConnectionFile } from "./wire/connection-file";

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    options: { compiler: { type: "string", default: compilerNames[0] } },
    allowPositionals: true,
  });
  const compiler = compilerNames.find((name) => name === values.compiler);
  if (compiler === undefined) {
    throw new Error(
      `Expected --compiler to be ${compilerNames.join(" or ")}, received ${values.compiler}.`,
    );
  }
  const [path] = positionals;
  if (path === undefined) {
    throw new Error(
      "Expected the path of a connection file, received none. Jupyter starts the kernel: jupyter lab.",
    );
  }
  const connection = readConnectionFile(path);
  const client = new CompilerClient(compilerSettings(compiler, process.cwd()));
  // Loaded while the compiler, which takes longest, starts in its own process.
  const { Kernel } = await import("./front/kernel");
  const kernel = new Kernel(connection, client);
  process.on("SIGINT", () => kernel.interrupt());
  process.on("SIGTERM", () => void kernel.close());
  endWithJupyter(() => void kernel.close());
  await kernel.serve();
}

/** How long what is still open may keep an ended kernel, in milliseconds. */
const END_MILLISECONDS = 1000;

main().then(
  // Not by process.exit() at once: only as Node ends by itself does ZeroMQ wait until the last messages have left.
  () => setTimeout(() => process.exit(0), END_MILLISECONDS).unref(),
  (error: Error) => {
    console.error(error.message);
    process.exit(1);
  },
);
