// Bundles danfojs for the package convnotes.
// danfojs-node cannot be a dependency of an installed package: it requires an old version of
// TensorFlow.js, whose installation downloads a library from another host, and a package that is
// not in the registry. Only an overriding project, like this checkout, gets around both. In the
// bundle, it uses the TensorFlow.js of the project and the registry's edition of xlsx.

import fs from "node:fs";
import path from "node:path";
import { build } from "esbuild";
import { packagesFolder, root } from "../setup/project.mjs";

const source = path.join(packagesFolder, "danfojs-node");

/** What the bundle loads at run time. */
const external = ["@tensorflow/*", "plotly.js-dist-min", "xlsx"];

/**
 * Packages that danfojs reads URLs with. A history's DataFrame reads nothing, and `request` is
 * no longer maintained.
 */
const absent = ["node-fetch", "request"];

/** Packages with types that danfojs's declarations import and users do not have. */
const untyped = ["node-fetch", "papaparse", "plotly.js-dist-min", "table"];
/** Folders of declarations that a DataFrame does not need. */
const unneeded = /^danfojs-(base\/io|node\/src\/(streams|index))/;

/** danfojs-node contains no license file, only this notice and the name of the license. */
const licenseOfDanfojs = `MIT License

Copyright 2022 JsData

Permission is hereby granted, free of charge, to any person obtaining a copy of this software and associated
documentation files (the "Software"), to deal in the Software without restriction, including without limitation the
rights to use, copy, modify, merge, publish, distribute, sublicense, and/or sell copies of the Software, and to permit
persons to whom the Software is furnished to do so, subject to the following conditions:

The above copyright notice and this permission notice shall be included in all copies or substantial portions of the
Software.

THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR IMPLIED, INCLUDING BUT NOT LIMITED TO THE
WARRANTIES OF MERCHANTABILITY, FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT. IN NO EVENT SHALL THE AUTHORS OR
COPYRIGHT HOLDERS BE LIABLE FOR ANY CLAIM, DAMAGES OR OTHER LIABILITY, WHETHER IN AN ACTION OF CONTRACT, TORT OR
OTHERWISE, ARISING FROM, OUT OF OR IN CONNECTION WITH THE SOFTWARE OR THE USE OR OTHER DEALINGS IN THE SOFTWARE.
`;

/**
 * Writes danfojs with its declarations and the licenses of all that is bundled.
 *
 * @param {string} folder
 */
export async function bundleDanfojs(folder) {
  const files = await bundle(path.join(folder, "index.js"), { write: true });
  fs.writeFileSync(path.join(folder, "LICENSES.txt"), licenses(files));
  copyDeclarations(folder);
}

/**
 * Lists the packages in the bundle, without writing it.
 *
 * @returns {Promise<string[]>} Each as NAME@VERSION.
 */
export async function packagesInBundle() {
  const files = await bundle("index.js", { write: false });
  return foldersOf(files).map((folder) => {
    const { name, version } = manifestIn(folder);
    return `${name}@${version}`;
  });
}

/**
 * @param {string} outfile
 * @param {{ write: boolean }} options
 * @returns {Promise<string[]>} The files that were bundled, relative to the root.
 */
async function bundle(outfile, { write }) {
  const { metafile } = await build({
    entryPoints: [source],
    outfile,
    write,
    absWorkingDir: root,
    bundle: true,
    platform: "node",
    target: "node20",
    minifySyntax: true,
    minifyWhitespace: true,
    legalComments: "inline",
    logLevel: "error",
    metafile: true,
    external,
    plugins: [{ name: "absent packages", setup: replaceAbsent }],
  });
  return Object.keys(metafile.inputs);
}

/** @param {import("esbuild").PluginBuild} build */
function replaceAbsent(build) {
  const filter = new RegExp(`^(${absent.join("|")})$`);
  build.onResolve({ filter }, ({ path: name }) => ({
    path: name,
    namespace: "absent",
  }));
  build.onLoad({ filter: /./, namespace: "absent" }, ({ path: name }) => ({
    contents: `module.exports = () => { throw Object.assign(new Error("Expected a local file: ${name} is not part of convnotes."), { code: "ERR_UNSUPPORTED" }); };`,
  }));
}

/**
 * @param {string[]} files What was bundled.
 * @returns {string} The licenses of their packages.
 */
function licenses(files) {
  return foldersOf(files)
    .map((folder) => {
      const inPackage = path.join(root, folder);
      const { name, version, license } = manifestIn(folder);
      const file = fs
        .readdirSync(inPackage)
        .find((each) => /^(licen[cs]e|copying)/i.test(each));
      const text =
        name === "danfojs-node"
          ? licenseOfDanfojs
          : file === undefined
            ? ""
            : fs.readFileSync(path.join(inPackage, file), "utf8");
      return `${name} ${version} (${license})\n\n${text.trim()}\n`;
    })
    .join(`\n${"-".repeat(80)}\n\n`);
}

/**
 * @param {string[]} files What was bundled.
 * @returns {string[]} The folders of their packages, relative to the root.
 */
function foldersOf(files) {
  const folders = new Set(
    files.flatMap(
      (file) => /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(file)?.[0] ?? [],
    ),
  );
  return [...folders].sort();
}

/** @param {string} folder Of a package, relative to the root. */
function manifestIn(folder) {
  return JSON.parse(
    fs.readFileSync(path.join(root, folder, "package.json"), "utf8"),
  );
}

/**
 * Copies the declarations of danfojs's DataFrame. What they name of packages that users do not have
 * is `any`.
 *
 * @param {string} folder
 */
function copyDeclarations(folder) {
  fs.writeFileSync(
    path.join(folder, "index.d.ts"),
    'export { default as DataFrame } from "./danfojs-node/src/core/frame";\n',
  );
  const declarations = path.join(source, "dist");
  for (const name of fs.readdirSync(declarations, {
    recursive: true,
    encoding: "utf8",
  })) {
    if (!name.endsWith(".d.ts") || unneeded.test(name)) continue;
    const text = fs.readFileSync(path.join(declarations, name), "utf8");
    const file = path.join(folder, name);
    fs.mkdirSync(path.dirname(file), { recursive: true });
    fs.writeFileSync(
      file,
      text.replaceAll(
        /^import (?:\{([^}]*)\}|(\w+)) from ["']([^"']+)["'];$/gm,
        (
          whole,
          /** @type {string} */ named,
          only,
          /** @type {string} */ from,
        ) =>
          untyped.includes(from)
            ? (named ?? only)
                .split(",")
                .map(
                  (/** @type {string} */ each) => `type ${each.trim()} = any;`,
                )
                .join("\n")
            : whole,
      ),
    );
  }
}
