/**
 * The house's letter box: the program `convnotes`, run by a person in a terminal through `bin/convnotes.mjs`. See
 * `command.ts`.
 */
import { command } from "./command";

// Somebody who reads the first lines only, as `head` does, has what was wanted.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code !== "EPIPE") throw error;
  process.exit();
});

void command(process.argv.slice(2)).then((code) => {
  process.exitCode = code;
});
