// Loaded before a script's first line: stands in for loading a compiled addon, which takes most of a second. What the
// stand-in for the compiler writes is told from what it writes when it is to go wrong.

/* eslint-disable @typescript-eslint/no-require-imports -- it must not bring ES modules' loader in */
/* global require */
const fs = require("node:fs");
const { Module } = require("node:module");

Module._extensions[".node"] = (module, file) => {
  if (fs.readFileSync(file, "utf8") !== "an addon\n")
    throw new Error(`${file}: invalid ELF header`);
  module.exports = { TF_Version: "2.21.0" };
};
