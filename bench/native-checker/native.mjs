/**
 * Checks cells with TypeScript 7's server, through its package's clients.
 *
 * Each cell is a file (see cell-module.mjs). The file to check always has the same name; a cell
 * without errors gets another file, which later cells import. `disk` writes the files to a folder;
 * `virtual` answers the server's requests for them.
 */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import { parseArgs } from "node:util";
import { root } from "../job.mjs";
import { CellModules } from "./cell-module.mjs";
import { sessions } from "./cells.mjs";
import { Figures, formatError } from "./figures.mjs";

const { values } = parseArgs({
  options: {
    session: { type: "string", default: "" },
    cells: { type: "string" },
    files: { type: "string" },
    client: { type: "string" },
    package: { type: "string", default: "" },
  },
});
const session = sessions[values.session];
const count = Number(values.cells);
const isVirtual = values.files === "virtual";

/** The kernel's compiler options. */
const options = {
  target: "es2022",
  module: "esnext",
  moduleResolution: "bundler",
  moduleDetection: "force",
  lib: ["es2022"],
  types: ["node"],
  strict: true,
  experimentalDecorators: true,
  jsx: "react",
  resolveJsonModule: true,
  allowImportingTsExtensions: true,
  skipLibCheck: true,
  noEmit: true,
};

const folder = isVirtual
  ? join(root, "notebooks", "__cells__")
  : mkdtempSync(join(dirname(values.package), "cells-"));
/** @type {Map<string, string>} */
const files = new Map();

/**
 * @param {string} name
 * @param {string} text
 */
function write(name, text) {
  const path = join(folder, name);
  if (isVirtual) files.set(path, text);
  else writeFileSync(path, text);
  return path;
}

let requests = 0;

/**
 * Answers requests for files in the folder; for other files the server reads the disk.
 *
 * @type {Readonly<Record<string, (path: string) => unknown>>}
 */
const answers = {
  readFile: (path) => files.get(path),
  fileExists: (path) =>
    files.has(path) || (path.startsWith(folder) ? false : undefined),
  directoryExists: (path) =>
    path === folder || (path.startsWith(folder) ? false : undefined),
  getAccessibleEntries: (path) =>
    path === folder
      ? {
          files: [...files.keys()].map((each) => each.slice(path.length + 1)),
          directories: [],
        }
      : undefined,
  realpath: (path) => (path.startsWith(folder) ? path : undefined),
};

const virtualFiles = Object.fromEntries(
  Object.entries(answers).map(([name, answer]) => [
    name,
    (/** @type {string} */ path) => {
      requests += 1;
      return answer(path);
    },
  ]),
);

const entry = createRequire(values.package).resolve(
  `typescript/unstable/${values.client}`,
);
const { API } = await import(pathToFileURL(entry).href);
const api = new API({
  cwd: root,
  ...(isVirtual ? { fs: virtualFiles } : {}),
});
const modules = new CellModules();
const figures = new Figures();
const configuration = write(
  "tsconfig.json",
  JSON.stringify({ compilerOptions: options, files: ["./current.ts"] }),
);
const current = join(folder, "current.ts");
/** @type {string[]} */
let created = [];
let hasOpened = false;
/** @type {any} Its type is in the package, which is downloaded on first use. */
let snapshot;

/**
 * Updates the file to check.
 *
 * @param {string} text
 */
async function update(text) {
  write("current.ts", text);
  const before = snapshot;
  snapshot = await api.updateSnapshot(
    hasOpened
      ? { fileChanges: { changed: [current], created } }
      : { openProjects: [configuration] },
  );
  hasOpened = true;
  created = [];
  await before?.dispose();
  return snapshot.getProject(configuration);
}

try {
  for (let index = 0; index < count; index += 1) {
    const source = session.cell(index);
    figures.begin();
    const { text, offset, declared, positions } = modules.write(source);
    const { program, checker } = await update(text);
    const syntax = await program.getSyntacticDiagnostics(current);
    /** @type {{code: number, pos: number}[]} */
    const found =
      syntax.length > 0
        ? syntax
        : await program.getSemanticDiagnostics(current);
    figures.end(
      found.map(({ code, pos }) => formatError(code, source, pos - offset)),
    );
    if (found.length > 0) continue;
    const asked = performance.now();
    await checker.getSymbolAtPosition(current, positions);
    figures.names(performance.now() - asked);
    created = [write(`cell${index}.ts`, text)];
    modules.add(index, declared);
    if (index % 10 !== 6) continue;
    const start = performance.now();
    const typed = modules.write(session.typed(index));
    const { checker: other } = await update(typed.text);
    const end = typed.offset + session.typed(index).length;
    await other.getCompletionsAtPosition(current, end, { includeSymbol: true });
    figures.completion(performance.now() - start);
  }
  figures.print({ requests });
} finally {
  await api.close();
  if (!isVirtual) rmSync(folder, { recursive: true });
}
