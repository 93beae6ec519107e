/**
 * A cell written as a module, so that a compiler that knows only files can check it.
 *
 * The module begins with one line that imports what the cell mentions of earlier cells, and ends with one that exports what the
 * cell declares. A variable that can be assigned to is declared in place of being imported: an import is read-only.
 *
 * TypeScript 7's own package has no parser for JavaScript to call, so that of TypeScript 6 says which names there are.
 */
import ts from "typescript";

/** What is known of a name: the cell's number, and whether it may be assigned to. */
/** @typedef {{cell: number, isVariable: boolean}} Known */

/** The names that are live, and the modules of the cells that declared them. */
export class CellModules {
  /** @type {Map<string, Known>} */
  #known = new Map();

  /**
   * Writes a cell.
   *
   * @param {string} source
   * @returns {{text: string, offset: number, declared: Map<string, boolean>, positions: number[]}} The module; where the cell
   *   begins in it; the names that the cell declares, with whether they may be assigned to; where its identifiers stand in the module.
   */
  write(source) {
    const file = ts.createSourceFile("cell.ts", source, ts.ScriptTarget.ES2022);
    const declared = new Map();
    for (const statement of file.statements) addDeclared(statement, declared);
    const mentioned = new Set();
    const positions = [];
    const visit = (node) => {
      if (ts.isIdentifier(node)) {
        mentioned.add(node.text);
        positions.push(node.getStart(file));
      }
      ts.forEachChild(node, visit);
    };
    visit(file);
    const before = [];
    for (const name of mentioned) {
      const known = declared.has(name) ? undefined : this.#known.get(name);
      if (known === undefined) continue;
      const module = `"./cell${known.cell}.ts"`;
      before.push(
        known.isVariable
          ? `declare let ${name}: typeof import(${module}).${name};`
          : `import { ${name} } from ${module};`,
      );
    }
    const head = `${before.join(" ")}\n`;
    return {
      text: `${head}${source}\nexport { ${[...declared.keys()].join(", ")} };\n`,
      offset: head.length,
      declared,
      positions: positions.map((position) => position + head.length),
    };
  }

  /** Lets later cells see what a cell declares. */
  add(cell, declared) {
    for (const [name, isVariable] of declared) {
      this.#known.set(name, { cell, isVariable });
    }
  }
}

function addDeclared(statement, declared) {
  const add = (name, isVariable = false) => {
    if (name === undefined) return;
    if (ts.isIdentifier(name)) declared.set(name.text, isVariable);
    else {
      for (const element of name.elements ?? []) add(element.name, isVariable);
    }
  };
  if (ts.isVariableStatement(statement)) {
    const { declarationList } = statement;
    const isConstant = (declarationList.flags & ts.NodeFlags.Const) !== 0;
    for (const { name } of declarationList.declarations) add(name, !isConstant);
  } else if (ts.isImportDeclaration(statement)) {
    const { name, namedBindings } = statement.importClause ?? {};
    add(name);
    add(namedBindings?.name);
    for (const element of namedBindings?.elements ?? []) add(element.name);
  } else if ("name" in statement) {
    add(statement.name);
  }
}
