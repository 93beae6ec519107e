// Preloaded stub for loading a compiled addon, which takes most of a second.
// The compiler stub's output shows whether loading is to fail.

/* eslint-disable @typescript-eslint/no-require-imports -- it must not load the ES module loader */
/* global require */
const fs = require("node:fs");
const { Module } = require("node:module");

Module._extensions[".node"] = (module, file) => {
  if (fs.readFileSync(file, "utf8") !== "an addon\n")
    throw new Error(`${file}: invalid ELF header`);
  module.exports = { TF_Version: "2.21.0" };
};
