#!/usr/bin/env node
// The program `convnotes`, which `npx convnotes` starts. It stands here and not in dist/, since
// npm makes links only to what is there when it installs, and the kernel is compiled after that.

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
    `Expected the kernel to be compiled, found no ${compiled}.\nnpm run setup compiles it.`,
  );
  process.exitCode = 1;
}
