#!/usr/bin/env node
/**
 * The house's letter box: the program `convnotes`, run by a person in a terminal. See `command.ts`.
 */
import { command } from "./command";

void command(process.argv.slice(2)).then((code) => {
  process.exitCode = code;
});
