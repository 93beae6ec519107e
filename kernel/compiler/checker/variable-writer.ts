/**
 * A cell's variables, declared in its text, as assignments to fields.
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

  /** `visit` writes what is inside of an expression. */
  constructor(
    text: MagicString,
    names: NameWriter,
    visit: (node: ts.Node) => void,
  ) {
    this.#text = text;
    this.#names = names;
    this.#visit = visit;
  }

  /** `const a: A = 1, { b } = c` becomes `;__cells.a = 1, ({ b: __cells.b } = c)`. */
  write(statement: ts.VariableStatement): void {
    const { declarations, flags } = statement.declarationList;
    if ((flags & ts.NodeFlags.Using) !== 0) {
      // What is to be disposed of at the cell's end stays a declaration.
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
      // A next line that begins with a bracket belonged to no `let a` or function, but does to what these become.
      this.#text.appendLeft(statement.end, ";");
    }
  }

  /** The field of a variable where it is declared. */
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
      // `var a;` leaves the value of an `a` before it as it is.
      const text = isLet ? `${place} = undefined` : "undefined";
      this.#text.overwrite(start, declaration.end, text);
      return;
    }
    this.#text.overwrite(start, initializer.getStart(), `${place} = `);
    this.writeNamed(name, initializer);
  }

  /** A value that a name is given: a function without a name takes that of its variable, but not that of a field. */
  writeNamed(name: ts.Identifier, value: ts.Expression): void {
    const isNameless = isNamelessFunction(value);
    if (isNameless) {
      this.#text.appendRight(value.getStart(), `({ ${name.text}: `);
    }
    this.#visit(value);
    if (isNameless) this.#text.appendLeft(value.end, ` }).${name.text}`);
  }

  /** A pattern that declares names becomes one that assigns to their fields. */
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

  /** Whether a list is of `var`s, in a block or a loop, that belong to the cell. */
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

  /** `var`s in a block or a loop. */
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
