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
// exit code.
process.stdout.on("error", (/** @type {NodeJS.ErrnoException} */ error) => {
  if (error.code !== "EPIPE") throw error;
});

process.exitCode = await runCommand(process.argv.slice(2));
