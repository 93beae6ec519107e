// Defines how the native training step is compiled: its sources, vector widths and compiler
// options.
//
// `addon.cc`, and every file whose name begins with `common`, is compiled once, for any processor
// of the machine's architecture. Every other .cc file of the folder is compiled once per width, in
// a separate namespace.

import fs from "node:fs";
import path from "node:path";
import { packageFolder } from "./place.mjs";

/**
 * A vector width.
 *
 * @typedef {object} Width
 * @property {string} name Also the name of its namespace.
 * @property {number} bytes Size of a vector.
 * @property {string[]} options Compiler options for the width; empty if every processor of the
 *   architecture supports it.
 */

/**
 * A call of the compiler.
 *
 * @typedef {object} Job
 * @property {string} title Description of the output, shown to users.
 * @property {string} source Name of the input file.
 * @property {string} object Path of the output file.
 * @property {string[]} parameters Its command line, without the compiler itself.
 */

/**
 * Vector widths by Node's name of the architecture, narrow widths first. The order matters to the
 * linker: of an inline function in several objects, such as one of std::vector, it keeps the first.
 * That one must run on every processor.
 *
 * @type {Record<string, Width[]>}
 */
const widths = {
  x64: [
    { name: "sse", bytes: 16, options: [] },
    { name: "avx2", bytes: 32, options: ["-mavx2", "-mfma"] },
    {
      name: "avx512",
      bytes: 64,
      options: [
        ...["-mavx512f", "-mavx512bw", "-mavx512vl", "-mavx512dq"],
        ...["-mfma", "-mavx2"],
      ],
    },
  ],
  arm64: [{ name: "neon", bytes: 16, options: [] }],
};

const options = [
  ...["-O3", "-std=c++17", "-fPIC", "-pthread", "-fvisibility=hidden"],
  ...["-ffp-contract=fast", "-fno-math-errno", "-DNAPI_VERSION=8"],
];
const linking = ["-shared", "-pthread"];
/**
 * Zig's compiler targets the machine's own processor by default. With an explicit target, AVX-512's
 * long vectors need a separate option.
 */
const zig = {
  options: ["-mcpu=baseline"],
  widthOptions: { avx512: ["-mevex512"] },
};

/** Serialization of the settings above, to detect changes. */
export const recipe = JSON.stringify([widths, options, linking, zig]);

/**
 * @param {string} folder
 * @returns {string[]} Absolute paths of the C++ files and headers in it and its subfolders, in a
 *   fixed order.
 */
export function cppFiles(folder) {
  if (!fs.existsSync(folder)) return [];
  return fs
    .readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((name) => /\.(cc|h)$/.test(name))
    .sort()
    .map((name) => path.join(folder, name));
}

/**
 * @param {string[]} compiler The start of a command line.
 * @param {string} [kind] Node's name of the target architecture; the machine's own by default.
 * @returns {{ compiler: string[], widths: Width[] }} The command line, set to compile for any
 *   processor of the architecture, and the widths of that architecture, narrow ones first.
 */
export function prepare(compiler, kind = process.arch) {
  const known = widths[kind] ?? [];
  const isZig = compiler.some((word) =>
    /^zig(lang)?$/.test(path.basename(word)),
  );
  if (!isZig) return { compiler, widths: known };
  /** @type {Record<string, string[]>} */
  const more = zig.widthOptions;
  return {
    compiler: [...compiler, ...zig.options],
    widths: known.map((width) => ({
      ...width,
      options: [...width.options, ...(more[width.name] ?? [])],
    })),
  };
}

/**
 * Writes a trial program that tests whether a compiler supports a width.
 *
 * @param {Width} width
 * @param {string} folder Folder for the trial's files.
 * @returns {string[]} Parameters with which a compiler that does not support the width fails.
 */
export function trial(width, folder) {
  const source = path.join(folder, `trial-${width.name}.cc`);
  fs.writeFileSync(
    source,
    `typedef float Vector __attribute__((vector_size(${width.bytes})));\n` +
      "Vector multiplyAdd(Vector a, Vector b, Vector c) { return a * b + c; }\n",
  );
  return [...options, ...width.options, "-c", source, "-o", `${source}.o`];
}

/**
 * @param {string} sourceFolder
 * @param {string} objectFolder
 * @param {Width[]} compiled The widths that the compiler supports, narrow ones first.
 * @returns {Job[]} One job per object file, in linking order.
 */
export function jobs(sourceFolder, objectFolder, compiled) {
  const sources = fs
    .readdirSync(sourceFolder)
    .filter((name) => name.endsWith(".cc"))
    .sort();
  const isCommon = (/** @type {string} */ name) =>
    name === "addon.cc" || name.startsWith("common");
  /**
   * @param {string} source
   * @param {string} purpose
   * @param {string[]} more
   * @returns {Job}
   */
  const job = (source, purpose, more) => {
    const name = path.basename(source, ".cc");
    const object = path.join(
      objectFolder,
      `${name}-${purpose.split(" ").at(-1)}.o`,
    );
    return {
      title: `${name} for ${purpose}`,
      source,
      object,
      parameters: [...options, ...more, "-c", source, "-o", object],
    };
  };
  const headers = path.join(packageFolder("node-api-headers"), "include");
  const present = compiled.map(({ name }) => `-DHAS_${name.toUpperCase()}`);
  return [
    ...sources
      .filter(isCommon)
      .map((source) =>
        job(source, "every processor", ["-I", headers, ...present]),
      ),
    ...compiled.flatMap((width) =>
      sources
        .filter((source) => !isCommon(source))
        .map((source) =>
          job(source, width.name, [
            ...width.options,
            `-DVECTOR_NAMESPACE=${width.name}`,
          ]),
        ),
    ),
  ];
}

/**
 * @param {string[]} objects In the order of {@link jobs}.
 * @param {string} file
 * @returns {string[]} Parameters that link the objects to one shared object.
 */
export function link(objects, file) {
  return [...linking, ...objects, "-o", file];
}
