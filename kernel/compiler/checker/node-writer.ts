/**
 * What stands inside of a cell's statements, as the JavaScript that runs: names as the fields that have their values, and what a script does
 * not know.
 */
import type MagicString from "magic-string";
import ts from "typescript";
import {
  isDirectEval,
  isInAsync,
  isInList,
  isTypeOnly,
  namedByAssignment,
} from "./cell-syntax";
import type { CellWrapper } from "./cell-wrapper";
import { ConstantWriter } from "./constant-writer";
import type { FileChecker } from "./inner-typescript";
import type { NameWriter } from "./name-writer";
import { VariableWriter } from "./variable-writer";
import { walk } from "../project/walk";

/** What a writer of nodes works on. */
export interface NodeWriterOptions {
  readonly file: ts.SourceFile;
  readonly text: MagicString;
  readonly wrapper: CellWrapper;
  readonly names: NameWriter;
  readonly checker: FileChecker;
  /** Whether the cell awaits outside of its functions. */
  readonly isAsync: boolean;
}

/** Writes the nodes of one cell. */
export class NodeWriter {
  readonly #file: ts.SourceFile;
  readonly #text: MagicString;
  readonly #wrapper: CellWrapper;
  readonly #names: NameWriter;
  readonly #isAsync: boolean;
  readonly variables: VariableWriter;
  readonly constants: ConstantWriter;
  /** Classes inside of statements that have been written; their metadata is written after them. */
  readonly classes: ts.ClassLikeDeclaration[] = [];
  #callsEval = false;

  constructor(options: NodeWriterOptions) {
    const { file, text, wrapper, names, checker, isAsync } = options;
    this.#file = file;
    this.#text = text;
    this.#wrapper = wrapper;
    this.#names = names;
    this.#isAsync = isAsync;
    const write = (node: ts.Node) => this.write(node);
    this.variables = new VariableWriter(text, names, write);
    this.constants = new ConstantWriter(text, checker, write);
  }

  /** Whether what has been written calls `eval` by its name. */
  get callsEval(): boolean {
    return this.#callsEval;
  }

  /** A function without a name that an assignment names, and the semicolon that its statement then needs. */
  #writeAssigned(
    assignment: ts.Node,
    target: ts.Identifier,
    value: ts.Expression,
  ): void {
    this.write(target);
    this.variables.writeNamed(target, value);
    const statement = ts.findAncestor(assignment, ts.isExpressionStatement);
    if (
      statement?.expression.end === value.end &&
      isInList(statement) &&
      statement !== this.#file.statements.at(-1)
    ) {
      this.#text.appendLeft(value.end, ";");
    }
  }

  /** Writes a node and all that is below it. */
  write(root: ts.Node): void {
    walk(ts, root, (node) => this.#writeNode(node));
  }

  /** Writes a node; whether what is below it is still to be written. */
  #writeNode(node: ts.Node): boolean {
    if (ts.isTypeNode(node) && !ts.isExpressionWithTypeArguments(node)) {
      return false;
    }
    // `target` in `new.target` is no name, though the checker takes it for that of the function.
    if (isTypeOnly(node)) return false;
    if (ts.isMetaProperty(node)) {
      this.#writeMetaProperty(node);
      return false;
    }
    if (this.constants.writeUse(node)) return false;
    const assigned = namedByAssignment(node);
    if (assigned && this.#names.slotAt(assigned.target) !== undefined) {
      this.#writeAssigned(node, assigned.target, assigned.value);
      return false;
    }
    if (ts.isIdentifier(node)) {
      this.#names.writeReference(node);
      return false;
    }
    if (ts.isEnumDeclaration(node)) {
      this.constants.writeMembers(node);
      return false;
    }
    if (ts.isShorthandPropertyAssignment(node)) {
      const isField = this.#names.writeShorthand(node);
      const { name, objectAssignmentInitializer: value } = node;
      if (value && isField) this.variables.writeNamed(name, value);
      else if (value) this.write(value);
      return false;
    }
    if (ts.isVariableDeclarationList(node) && this.variables.isLiveList(node)) {
      this.variables.writeNested(node);
      return false;
    }
    if (
      ts.isIterationStatement(node, false) &&
      isInAsync(node, this.#isAsync)
    ) {
      this.#writeStop(node.statement);
    } else if (ts.isCallExpression(node)) {
      this.#writeCall(node);
    } else if (ts.isBinaryExpression(node)) {
      this.#writeLess(node.operatorToken);
    } else if (ts.isClassLike(node)) {
      this.classes.push(node);
    }
    return true;
  }

  #writeCall(node: ts.CallExpression): void {
    const { expression } = node;
    if (expression.kind === ts.SyntaxKind.ImportKeyword) {
      const { load } = this.#wrapper;
      this.#text.overwrite(expression.getStart(), expression.end, load);
    }
    this.#callsEval ||= isDirectEval(node);
  }

  /** `a<!--b`: in a module two operators, but in a script the beginning of a comment. */
  #writeLess({ kind, end }: ts.BinaryOperatorToken): void {
    if (
      kind === ts.SyntaxKind.LessThanToken &&
      this.#file.text.startsWith("!--", end)
    ) {
      this.#text.appendLeft(end, " ");
    }
  }

  /** `import.meta`, which a script has not; `new.target` stays. */
  #writeMetaProperty(node: ts.MetaProperty): void {
    if (node.keywordToken !== ts.SyntaxKind.ImportKeyword) return;
    const start = node.getStart();
    this.#text.overwrite(start, start + "import".length, this.#wrapper.load);
  }

  /** Lets a loop look, each time around, whether its cell is to stop. */
  #writeStop(body: ts.Statement): void {
    const { stop } = this.#wrapper;
    const look = `if (${stop}[0] === ${stop}[1]) throw ${stop}.error();`;
    if (ts.isBlock(body)) {
      this.#text.appendLeft(body.getStart() + 1, ` ${look}`);
    } else {
      this.#text.appendLeft(body.getStart(), `{ ${look} `);
      this.#text.appendRight(body.end, " }");
    }
  }
}
