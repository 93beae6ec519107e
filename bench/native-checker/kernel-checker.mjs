/**
 * Checks cells with the kernel's compiler, the reference of the comparison.
 *
 * `checker` is only its checker, in this process. `compiler` is the complete compiler as in the
 * kernel: a separate process, started from the snapshot if setup created one, which also emits
 * JavaScript.
 */
import { createRequire } from "node:module";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { root } from "../job.mjs";
import { sessions } from "./cells.mjs";
import { Figures, formatError } from "./figures.mjs";

const load = createRequire(join(root, "kernel", "dist", "main.js"));
const { compilerSettings } = load("./compiler/settings.js");

const { values } = parseArgs({
  options: {
    session: { type: "string", default: "" },
    cells: { type: "string" },
    way: { type: "string" },
  },
});
const session = sessions[values.session];
const count = Number(values.cells);
const settings = compilerSettings("checked", join(root, "notebooks"));
const figures = new Figures();

if (values.way === "compiler") await compileAll();
else checkAll();

function checkAll() {
  // Not loaded in the process that only waits for another one: TypeScript would count as its
  // memory.
  const ts = load("typescript");
  const { CellProgram } = load("./compiler/checker/cell-program.js");
  const { LiveNames } = load("./compiler/checker/live-names.js");
  const { cellModules } = load("./compiler/checker/cell-file.js");
  const { complete } = load("./compiler/checker/editor.js");
  const program = new CellProgram(settings);
  const live = new LiveNames();
  /**
   * @param {string} name
   * @param {string} source
   */
  const create = (name, source) =>
    program.createCell(name, source, live.scope(settings.notebookFolder));
  for (let index = 0; index < count; index += 1) {
    const source = session.cell(index);
    figures.begin();
    const cell = create(`cell${index}`, source);
    const modules = cellModules(cell);
    program.prepare(modules, cell);
    /** @type {{code: number, start: number}[]} */
    const found = [
      ...program.diagnosticsOfFiles(modules),
      ...program.diagnostics(cell),
    ];
    figures.end(
      found.map(({ code, start }) => formatError(code, source, start)),
    );
    if (found.length > 0) continue;
    const asked = performance.now();
    /** @param {import("typescript").Node} node */
    const visit = (node) => {
      if (ts.isIdentifier(node)) program.checker.getSymbolAtLocation(node);
      ts.forEachChild(node, visit);
    };
    visit(cell);
    figures.names(performance.now() - asked);
    program.add(cell);
    live.add(cell, program.checker);
    if (index % 10 !== 6) continue;
    const typed = session.typed(index);
    const start = performance.now();
    complete(program, create("typed", typed), typed.length);
    figures.completion(performance.now() - start);
  }
  figures.print();
}

async function compileAll() {
  const { CompilerClient } = load("./compiler/compiler-client.js");
  const compiler = new CompilerClient(settings);
  for (let index = 0; index < count; index += 1) {
    figures.begin();
    /** @type {{diagnostics?: {code: number, start: {line: number, column: number}}[]}} */
    const { diagnostics = [] } = await compiler.compile(session.cell(index));
    figures.end(
      diagnostics.map(
        ({ code, start }) => `${code} ${start.line + 1}:${start.column + 1}`,
      ),
    );
    if (diagnostics.length > 0) continue;
    await compiler.commit();
    if (index % 10 !== 6) continue;
    const typed = session.typed(index);
    const start = performance.now();
    await compiler.complete(typed, typed.length);
    figures.completion(performance.now() - start);
  }
  figures.print();
  await compiler.close();
}
