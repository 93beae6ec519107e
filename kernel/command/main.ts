/**
 * Runs the command line of `convnotes`. Started by `bin/convnotes.mjs`.
 */
import { command } from "./command";

// If the reader closes the pipe early, as `head` does, the command still completes and sets the
// exit code.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code !== "EPIPE") throw error;
});

void command(process.argv.slice(2)).then((code) => {
  process.exitCode = code;
});
