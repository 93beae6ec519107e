/**
 * Writes a cell's functions, classes, enums and namespaces, which stay declarations and are also
 * assigned to their slots.
 */
import type MagicString from "magic-string";
import ts from "typescript";
import type { MetadataWriter } from "./metadata-writer";
import type { NameWriter } from "./name-writer";
import type { NodeWriter } from "./node-writer";

/** A declaration that is not of variables. */
type WrittenDeclaration =
  | ts.FunctionDeclaration
  | ts.ClassDeclaration
  | ts.EnumDeclaration
  | ts.ModuleDeclaration;

/** The context of a declaration writer. */
interface DeclarationWriterOptions {
  readonly text: MagicString;
  readonly names: NameWriter;
  readonly nodes: NodeWriter;
  /** Undefined if decorators do not receive type metadata. */
  readonly metadata: MetadataWriter | undefined;
}

/** Writes the declarations of one cell. */
export class DeclarationWriter {
  readonly #text: MagicString;
  readonly #names: NameWriter;
  readonly #nodes: NodeWriter;
  readonly #metadata: MetadataWriter | undefined;
  readonly #hoisted: string[] = [];

  constructor({ text, names, nodes, metadata }: DeclarationWriterOptions) {
    this.#text = text;
    this.#names = names;
    this.#nodes = nodes;
    this.#metadata = metadata;
  }

  /** Statements that run before the cell: function declarations are hoisted. */
  get hoisted(): readonly string[] {
    return this.#hoisted;
  }

  /** Writes a declaration. */
  write(declaration: WrittenDeclaration): void {
    this.removeExport(declaration);
    const { name } = declaration;
    if (ts.isEnumDeclaration(declaration)) {
      this.#nodes.constants.writeMembers(declaration);
    } else {
      ts.forEachChild(declaration, (child) => {
        if (child !== name) this.#nodes.write(child);
      });
      if (ts.isClassLike(declaration)) this.#metadata?.write(declaration);
    }
    if (!name) {
      // `export default function () { … }` becomes an unused expression.
      const modifiers = ts.getModifiers(declaration);
      this.#text.appendLeft(modifiers!.at(-1)!.end, ";(");
      this.#text.appendLeft(declaration.end, ");");
      return;
    }
    const slot = ts.isIdentifier(name) ? this.#names.slotOf(name) : undefined;
    if (slot === undefined) return;
    const assignment = `${this.#names.field(slot)} = ${name.text};`;
    if (!ts.isFunctionDeclaration(declaration)) {
      this.#text.appendLeft(declaration.end, `;${assignment}`);
    } else if (declaration.body) {
      this.#hoisted.push(assignment);
    }
  }

  /** Removes `export` and `default` before a statement, which a script does not allow. */
  removeExport(statement: ts.Statement): void {
    if (!ts.canHaveModifiers(statement)) return;
    for (const modifier of ts.getModifiers(statement) ?? []) {
      if (
        modifier.kind === ts.SyntaxKind.ExportKeyword ||
        modifier.kind === ts.SyntaxKind.DefaultKeyword
      ) {
        this.#text.remove(modifier.getStart(), modifier.end);
      }
    }
  }
}
