#!/usr/bin/env node
// The program `convnotes`: runs the command of an installed package, such as `convnotes kernel`.
//
// A package adds commands in its package.json. `module` exports `command(parameters)`, which
// returns the exit code, or a promise of it; `requires` names modules to load first:
//
//   "convnotes": { "commands": { "NAME": { "summary": "…", "module": "./FILE", "requires": [] } } }
//
// These files are plain JavaScript outside dist/, because npm links only files that exist at
// install time.

import { runCommand } from "./run-command.mjs";

// If the reader closes the pipe early, as `head` does, the command still completes and sets the
// exit code. If the output cannot be written, to a full disk for example, the command also
// completes, but fails.
let isWritten = true;
process.stdout.on("error", (/** @type {NodeJS.ErrnoException} */ error) => {
  if (error.code === "EPIPE" || !isWritten) return;
  isWritten = false;
  console.error(
    `Expected to write the output of convnotes, received ${error.message}`,
  );
});
process.on("exit", (code) => {
  if (code === 0 && !isWritten) process.exitCode = 1;
});

process.exitCode = await runCommand(process.argv.slice(2));
