/**
 * The program `convnotes`, run by a person in a terminal through `bin/convnotes.mjs`. See
 * `command.ts`.
 */
import { command } from "./command";

// Where somebody reads the first lines only, as `head` does, the rest of the work is done all the same, and told by the exit code.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code !== "EPIPE") throw error;
});

void command(process.argv.slice(2)).then((code) => {
  process.exitCode = code;
});
