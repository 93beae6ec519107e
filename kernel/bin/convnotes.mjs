#!/usr/bin/env node
// Starts the compiled command line of `convnotes`. This file is outside dist/ because npm links
// only files that exist at install time, and the kernel is compiled after that.

import fs from "node:fs";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";

const compiled = fileURLToPath(
  new URL("../dist/command/main.js", import.meta.url),
);
if (fs.existsSync(compiled)) {
  createRequire(import.meta.url)(compiled);
} else {
  console.error(
    `Expected the compiled kernel, found no ${compiled}.\nRun npm run setup to compile it.`,
  );
  process.exitCode = 1;
}
