/**
 * Converts a cell to a module, so that a compiler that only supports files can check it.
 *
 * The module starts with one line that imports the names of earlier cells that the cell uses, and
 * ends with a line that exports the cell's declarations. An assignable variable is declared rather
 * than imported, because imports are read-only.
 *
 * TypeScript 7's package has no parser with a JavaScript API, so TypeScript 6's parser finds the
 * names.
 */
import ts from "typescript";

/** A declared name: the number of its cell, and whether it is assignable. */
/** @typedef {{cell: number, isVariable: boolean}} Known */

/** The live names, and the modules of the cells that declared them. */
export class CellModules {
  /** @type {Map<string, Known>} */
  #known = new Map();

  /**
   * Converts a cell to a module.
   *
   * @param {string} source
   * @returns {{text: string, offset: number, declared: Map<string, boolean>, positions: number[]}}
   *   The module; the cell's offset in it; the names that the cell declares, and whether they are
   *   assignable; the positions of its identifiers in the module.
   */
  write(source) {
    const file = ts.createSourceFile("cell.ts", source, ts.ScriptTarget.ES2022);
    /** @type {Map<string, boolean>} */
    const declared = new Map();
    for (const statement of file.statements) addDeclared(statement, declared);
    /** @type {Set<string>} */
    const mentioned = new Set();
    /** @type {number[]} */
    const positions = [];
    /** @param {ts.Node} node */
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

  /**
   * Makes a cell's declarations visible to later cells.
   *
   * @param {number} cell
   * @param {Map<string, boolean>} declared
   */
  add(cell, declared) {
    for (const [name, isVariable] of declared) {
      this.#known.set(name, { cell, isVariable });
    }
  }
}

/**
 * @param {ts.Statement} statement
 * @param {Map<string, boolean>} declared
 */
function addDeclared(statement, declared) {
  /** @param {ts.Node | undefined} name */
  const add = (name, isVariable = false) => {
    if (name === undefined) return;
    if (ts.isIdentifier(name)) declared.set(name.text, isVariable);
    if (!ts.isObjectBindingPattern(name) && !ts.isArrayBindingPattern(name)) {
      return;
    }
    for (const element of name.elements) {
      if (ts.isBindingElement(element)) add(element.name, isVariable);
    }
  };
  if (ts.isVariableStatement(statement)) {
    const { declarationList } = statement;
    const isConstant = (declarationList.flags & ts.NodeFlags.Const) !== 0;
    for (const { name } of declarationList.declarations) add(name, !isConstant);
  } else if (ts.isImportDeclaration(statement)) {
    const { name, namedBindings } = statement.importClause ?? {};
    add(name);
    if (namedBindings === undefined) return;
    if (ts.isNamespaceImport(namedBindings)) add(namedBindings.name);
    else for (const element of namedBindings.elements) add(element.name);
  } else if ("name" in statement) {
    add(/** @type {ts.Node | undefined} */ (statement.name));
  }
}
