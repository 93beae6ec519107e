/**
 * Rewrites the variable declarations of a cell as assignments to slots.
 */
import type MagicString from "magic-string";
import ts from "typescript";
import { isInList, isNamelessFunction } from "./cell-syntax";
import type { NameWriter } from "./name-writer";

/** Writes the variables of one cell. */
export class VariableWriter {
  readonly #text: MagicString;
  readonly #names: NameWriter;
  readonly #visit: (node: ts.Node) => void;

  /** @param visit Writes an expression. */
  constructor(
    text: MagicString,
    names: NameWriter,
    visit: (node: ts.Node) => void,
  ) {
    this.#text = text;
    this.#names = names;
    this.#visit = visit;
  }

  /** Rewrites `const a: A = 1, { b } = c` as `;ºcells.a = 1, ({ b: ºcells.b } = c)`. */
  write(statement: ts.VariableStatement): void {
    const { declarations, flags } = statement.declarationList;
    if ((flags & ts.NodeFlags.Using) !== 0) {
      // A `using` declaration, disposed of at the end of the cell, stays a declaration.
      for (const { initializer } of declarations) {
        if (initializer) this.#visit(initializer);
      }
      const fields = declarations.map(({ name }) =>
        ts.isIdentifier(name) ? `;${this.#fieldOf(name)} = ${name.text};` : "",
      );
      this.#text.appendLeft(statement.end, fields.join(""));
      return;
    }
    const first = declarations[0]!;
    const isLet = (flags & ts.NodeFlags.BlockScoped) !== 0;
    this.#text.remove(statement.getStart(), first.getStart());
    if (isInList(statement)) {
      this.#text.appendLeft(first.getStart(), ";");
    }
    for (const declaration of declarations) {
      this.#writeVariable(declaration, isLet);
    }
    if (isInList(statement)) {
      // A bracket at the start of the next line would continue this assignment, though not the
      // original declaration.
      this.#text.appendLeft(statement.end, ";");
    }
  }

  /** Returns the slot expression of a variable at its declaration. */
  #fieldOf(name: ts.Identifier): string {
    return this.#names.field(this.#names.slotOf(name) ?? name.text);
  }

  #writeVariable(declaration: ts.VariableDeclaration, isLet: boolean): void {
    const { name, initializer } = declaration;
    const start = name.getStart();
    if (!ts.isIdentifier(name)) {
      this.#writePattern(name);
      if (initializer) {
        this.#text.appendRight(start, "(");
        this.#text.overwrite(name.end, initializer.getStart(), " = ");
        this.#visit(initializer);
        this.#text.appendLeft(declaration.end, ")");
      }
      return;
    }
    const place = this.#fieldOf(name);
    if (!initializer) {
      // `var a;` keeps the value of an earlier `a`.
      const text = isLet ? `${place} = undefined` : "undefined";
      this.#text.overwrite(start, declaration.end, text);
      return;
    }
    this.#text.overwrite(start, initializer.getStart(), `${place} = `);
    this.writeNamed(name, initializer);
  }

  /**
   * Writes the value assigned to a name. An anonymous function takes the name of a variable, but
   * not that of a property.
   */
  writeNamed(name: ts.Identifier, value: ts.Expression): void {
    const isNameless = isNamelessFunction(value);
    if (isNameless) {
      this.#text.appendRight(value.getStart(), `({ ${name.text}: `);
    }
    this.#visit(value);
    if (isNameless) this.#text.appendLeft(value.end, ` }).${name.text}`);
  }

  /** Rewrites a binding pattern as an assignment pattern for slots. */
  #writePattern(pattern: ts.BindingPattern): void {
    for (const element of pattern.elements) {
      if (ts.isOmittedExpression(element)) continue;
      const { name, propertyName, initializer, dotDotDotToken } = element;
      if (propertyName && ts.isComputedPropertyName(propertyName)) {
        this.#visit(propertyName.expression);
      }
      if (!ts.isIdentifier(name)) {
        this.#writePattern(name);
      } else {
        const place = this.#fieldOf(name);
        const isShort =
          ts.isObjectBindingPattern(pattern) &&
          !propertyName &&
          !dotDotDotToken;
        const text = isShort ? `${name.text}: ${place}` : place;
        this.#text.overwrite(name.getStart(), name.end, text);
      }
      if (initializer && ts.isIdentifier(name)) {
        this.writeNamed(name, initializer);
      } else if (initializer) {
        this.#visit(initializer);
      }
    }
  }

  /** Whether a list declares `var`s, in a block or a loop, that belong to the cell. */
  isLiveList(list: ts.VariableDeclarationList): boolean {
    if ((list.flags & ts.NodeFlags.BlockScoped) !== 0) return false;
    const owner = ts.findAncestor(
      list,
      (node) =>
        ts.isFunctionLike(node) ||
        ts.isModuleBlock(node) ||
        ts.isClassStaticBlockDeclaration(node),
    );
    return owner === undefined;
  }

  /** Rewrites `var` declarations in a block or a loop. */
  writeNested(list: ts.VariableDeclarationList): void {
    if (ts.isVariableStatement(list.parent)) {
      this.write(list.parent);
      return;
    }
    const [first] = list.declarations;
    this.#text.remove(list.getStart(), first!.getStart());
    const isTarget = !ts.isForStatement(list.parent);
    for (const declaration of list.declarations) {
      const { name } = declaration;
      if (isTarget && ts.isIdentifier(name)) {
        const place = this.#fieldOf(name);
        this.#text.overwrite(name.getStart(), name.end, place);
      } else {
        this.#writeVariable(declaration, false);
      }
    }
  }
}
