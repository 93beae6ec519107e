/**
 * Preloaded into each process of a kernel by `node --require`: on SIGUSR2 it writes the size of its
 * live heap into the folder HEAP_REPORTS, as PID.json.
 */
/* eslint-disable @typescript-eslint/no-require-imports -- only CommonJS can be preloaded into a snapshot's process */
/* global process, require */
"use strict";
const { renameSync, writeFileSync } = require("node:fs");
const { join } = require("node:path");
const v8 = require("node:v8");
const vm = require("node:vm");

process.on("SIGUSR2", () => {
  // Not set on the command line, because a snapshot requires the flags of the process that wrote
  // it.
  v8.setFlagsFromString("--expose-gc");
  const collect = vm.runInNewContext("gc");
  // The second collection frees what finalizers held.
  collect();
  collect();
  const path = join(process.env.HEAP_REPORTS, `${process.pid}.json`);
  writeFileSync(`${path}.draft`, JSON.stringify(process.memoryUsage()));
  renameSync(`${path}.draft`, path);
});
