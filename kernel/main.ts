/**
 * Starts the kernel's front process: `node main.js [--compiler checked|tslab] CONNECTION_FILE`.
 *
 * This process owns the sockets and never runs a cell. See `front/kernel.ts` for the requests that
 * it answers and `runtime/main.ts` for the process that runs the cells.
 */
// Imported first: it reads this process's parent when it is loaded.
import { endWithJupyter } from "./front/jupyter-watch";
import { coded } from "@convnotes/notebook/coded-error";
import { parseArgs } from "node:util";
import { CompilerClient } from "./compiler/compiler-client";
import { compilerNames, compilerSettings } from "./compiler/settings";
import { memoryLimit } from "./front/memory-limit";
import { startLog } from "./log";
import { readConnectionFile } from "./wire/connection-file";

async function main(): Promise<void> {
  startLog("front");
  const { values, positionals } = parseArgs({
    options: { compiler: { type: "string", default: compilerNames[0] } },
    allowPositionals: true,
  });
  const compiler = compilerNames.find((name) => name === values.compiler);
  if (compiler === undefined) {
    throw coded(
      "ERR_USAGE",
      new Error(
        `Expected --compiler to be ${compilerNames.join(" or ")}, received ${values.compiler}.`,
      ),
    );
  }
  const [path] = positionals;
  if (path === undefined) {
    throw coded(
      "ERR_USAGE",
      new Error(
        "Expected the path of a connection file, received none. Use Jupyter to start the kernel: jupyter lab.",
      ),
    );
  }
  const memory = memoryLimit(process.env.CONVNOTES_MEMORY);
  const connection = readConnectionFile(path);
  const client = new CompilerClient(compilerSettings(compiler, process.cwd()));
  // Loaded while the compiler starts in its own process, which takes longest.
  const { Kernel } = await import("./front/kernel");
  const kernel = new Kernel(connection, client, memory);
  process.on("SIGINT", () => kernel.interrupt());
  process.on("SIGTERM", () => void kernel.close());
  endWithJupyter(() => void kernel.close());
  await kernel.serve();
}

/** How long open handles may delay the exit of a closed kernel, in milliseconds. */
const END_MILLISECONDS = 1000;

main().then(
  // No process.exit() yet: ZeroMQ flushes the last messages only if Node exits on its own.
  () => setTimeout(() => process.exit(0), END_MILLISECONDS).unref(),
  (error: Error) => {
    console.error(error.message);
    process.exit(1);
  },
);
