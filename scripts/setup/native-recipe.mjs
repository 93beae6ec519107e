// How the native training step is compiled: what from, for which vector widths, with which options.
//
// The rule: `addon.cc`, and every file whose name begins with `common`, is compiled once, for any processor of the
// machine's kind. Every other .cc file of the folder is compiled once for each width, in a namespace of its own.

import fs from "node:fs";
import path from "node:path";
import { packagesFolder } from "./project.mjs";

/**
 * A vector width.
 *
 * @typedef {object} Width
 * @property {string} name Also the name of its namespace.
 * @property {number} bytes Of a vector.
 * @property {string[]} options What the compiler is given for it; none where any processor of the kind has it.
 */

/**
 * A call of the compiler.
 *
 * @typedef {object} Job
 * @property {string} title What it makes, shown to people.
 * @property {string} source Name of the file it reads.
 * @property {string} object The file it makes.
 * @property {string[]} parameters Its command line without the compiler's own part.
 */

/**
 * By Node's name of the processor's kind, narrow widths first. The order is the linker's: of an inline function that
 * several objects hold, of std::vector for one, it keeps the first, and that one must run wherever any of them runs.
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
 * Zig's compiler takes the machine's own processor where it is told nothing, and where it is told, it must be told of AVX-512's
 * long vectors by themselves.
 */
const zig = {
  options: ["-mcpu=baseline"],
  widthOptions: { avx512: ["-mevex512"] },
};

/** Everything above, to see that it has changed. */
export const recipe = JSON.stringify([widths, options, linking, zig]);

/**
 * @param {string} folder
 * @returns {string[]} The C++ files in it and below, headers too, in a fixed order; absolute paths.
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
 * @param {string} [kind] Node's name of the kind of processor that it compiles for; the machine's own where not given.
 * @returns {{ compiler: string[], widths: Width[] }} The same, so that it compiles for any processor of the kind; and the
 *   widths of that kind, narrow ones first.
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
 * Tries whether a compiler knows a width.
 *
 * @param {Width} width
 * @param {string} folder For the files of the trial.
 * @returns {string[]} Parameters with which a compiler that does not know the width fails.
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
 * @param {Width[]} compiled The widths that the compiler knows, narrow ones first.
 * @returns {Job[]} One for each object file, in the order in which they are to be linked.
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
  const headers = path.join(packagesFolder, "node-api-headers", "include");
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
 * @param {string[]} objects In the order that {@link jobs} gives.
 * @param {string} file
 * @returns {string[]} Parameters that link them to one shared object.
 */
export function link(objects, file) {
  return [...linking, ...objects, "-o", file];
}
