// Splits the compiled library into the packages convnotes and @convnotes/engine.
// In the checkout, their modules import each other and @convnotes/notebook by relative paths, which
// work without a build and which the rules for imports check. Here, each such import is replaced by
// that of the package, so that users have one instance of every module.

import fs from "node:fs";
import path from "node:path";
import { coded } from "../../src/engine/setup/coded-error.mjs";
import { rewriteImports } from "./rewrite-imports.mjs";

/** Packages that are folders of the library, and the start of their modules' names. */
const parts = [
  { folder: "engine", name: "@convnotes/engine", modules: "internal/" },
  { folder: "notebook", name: "@convnotes/notebook", modules: "" },
];

/** Modules of the library that another package contains, and that it exports under its own name. */
const shared = [["engine/index", "@convnotes/engine"]];

/** Where the library's modules find danfojs, which is bundled with it. */
const danfojs = "danfojs/index";

/**
 * @param {string} compiled The library's JavaScript and declarations.
 * @param {{ engine: string, library: string }} built The folders of the two packages.
 */
export function splitLibrary(compiled, built) {
  for (const name of fs.readdirSync(compiled, {
    recursive: true,
    encoding: "utf8",
  })) {
    const extension = [".d.ts", ".js"].find((end) => name.endsWith(end));
    if (extension === undefined) continue;
    const part = partOf(name);
    if (part?.folder === "notebook") continue;
    const file = path.join(compiled, name);
    const text = rewriteImports(fs.readFileSync(file, "utf8"), (specifier) =>
      renamed(specifier, name, extension, compiled),
    );
    write(
      part === undefined
        ? path.join(built.library, name)
        : path.join(built.engine, path.relative(part.folder, name)),
      text,
    );
  }
  for (const [module, name] of shared) {
    const file = path.join(built.library, module);
    write(
      `${file}.js`,
      `"use strict";\nmodule.exports = require("${name}");\n`,
    );
    write(`${file}.d.ts`, `export * from "${name}";\n`);
  }
}

/**
 * @param {string} name A path in the compiled library.
 * @returns {(typeof parts)[number] | undefined} The package that it belongs to; undefined for the
 *   library itself.
 */
function partOf(name) {
  return parts.find(({ folder }) => name.split(path.sep)[0] === folder);
}

/**
 * @param {string} specifier What a module imports.
 * @param {string} importer The module's path in the compiled library.
 * @param {string} extension ".js" or ".d.ts".
 * @param {string} compiled
 * @returns {string} What it imports in its package.
 * @throws {Error} `ERR_FILE_MISSING` if there is no such module, and `ERR_INTERNAL` if the
 *   direction of the import is wrong.
 */
function renamed(specifier, importer, extension, compiled) {
  const own = partOf(importer);
  if (specifier === "danfojs-node" && own === undefined) {
    return relative(path.dirname(importer), danfojs);
  }
  if (!specifier.startsWith(".")) return specifier;
  const target = path.join(path.dirname(importer), specifier);
  // The manifest stays where it is, above the folder of the compiled files.
  if (own && target === path.join(own.folder, "package.json")) {
    return relative(path.dirname(importer), "package.json");
  }
  if (!own && target === "package.json") return `../${specifier}`;
  const module = [target, path.join(target, "index")].find((candidate) =>
    fs.existsSync(path.join(compiled, `${candidate}${extension}`)),
  );
  if (module === undefined) {
    throw coded(
      "ERR_FILE_MISSING",
      new Error(
        `Expected a module that ${importer} imports, found no ${target}`,
      ),
    );
  }
  const part = partOf(module);
  if (part === own) return specifier;
  if (part === undefined) {
    throw coded(
      "ERR_INTERNAL",
      new Error(
        `Expected ${own?.name} to import no module of the library, received ${module} in ${importer}`,
      ),
    );
  }
  const inside = path.relative(part.folder, module).replaceAll(path.sep, "/");
  return inside === "index"
    ? part.name
    : `${part.name}/${part.modules}${inside}`;
}

/**
 * @param {string} folder
 * @param {string} module
 * @returns {string} The specifier of a module for a module in the folder.
 */
function relative(folder, module) {
  const between = path.relative(folder, module).replaceAll(path.sep, "/");
  return between.startsWith(".") ? between : `./${between}`;
}

/**
 * @param {string} file
 * @param {string} text
 */
function write(file, text) {
  fs.mkdirSync(path.dirname(file), { recursive: true });
  fs.writeFileSync(file, text);
}
