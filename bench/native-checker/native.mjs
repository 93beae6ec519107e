/**
 * Cells checked by TypeScript 7's server, through the clients that its package has.
 *
 * Each cell is a file (see cell-module.mjs). The file that is checked always has the same name; a cell that is right gets one of its
 * own, which later cells import. `disk` writes the files into a folder; `virtual` answers the server's questions about them.
 */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import { parseArgs } from "node:util";
import { root } from "../job.mjs";
import { CellModules } from "./cell-module.mjs";
import { sessions } from "./cells.mjs";
import { Figures, place } from "./figures.mjs";

const { values } = parseArgs({
  options: {
    session: { type: "string" },
    cells: { type: "string" },
    files: { type: "string" },
    client: { type: "string" },
    package: { type: "string" },
  },
});
const session = sessions[values.session];
const count = Number(values.cells);
const isVirtual = values.files === "virtual";

/** As the kernel checks cells. */
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
const files = new Map();

function write(name, text) {
  const path = join(folder, name);
  if (isVirtual) files.set(path, text);
  else writeFileSync(path, text);
  return path;
}

let questions = 0;

/** What is in the folder is known here; for the rest the server asks the disk. */
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
    (path) => {
      questions += 1;
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
let created = [];
let hasOpened = false;
let snapshot;

/** Shows the server a text as the file that is checked. */
async function show(text) {
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
    const { program, checker } = await show(text);
    const syntax = await program.getSyntacticDiagnostics(current);
    const found =
      syntax.length > 0
        ? syntax
        : await program.getSemanticDiagnostics(current);
    figures.end(
      found.map(({ code, pos }) => place(code, source, pos - offset)),
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
    const { checker: other } = await show(typed.text);
    const end = typed.offset + session.typed(index).length;
    await other.getCompletionsAtPosition(current, end, { includeSymbol: true });
    figures.completion(performance.now() - start);
  }
  figures.print({ questions });
} finally {
  await api.close();
  if (!isVirtual) rmSync(folder, { recursive: true });
}
