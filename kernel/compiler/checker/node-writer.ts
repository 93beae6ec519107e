/**
 * Writes the nodes inside a cell's statements as JavaScript: replaces names with slots, and syntax
 * that a script does not allow.
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
import type { FileChecker } from "./internal-typescript";
import type { NameWriter } from "./name-writer";
import { VariableWriter } from "./variable-writer";
import { walk } from "../project/walk";

/** The context of a node writer. */
interface NodeWriterOptions {
  readonly file: ts.SourceFile;
  readonly text: MagicString;
  readonly wrapper: CellWrapper;
  readonly names: NameWriter;
  readonly checker: FileChecker;
  /** Whether the cell uses top-level await. */
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
  /** Classes inside the statements written so far; their metadata is written last. */
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

  /** Whether the nodes written so far contain a direct call of `eval`. */
  get callsEval(): boolean {
    return this.#callsEval;
  }

  /**
   * Writes an anonymous function that is named by an assignment, and the semicolon that the
   * statement then needs.
   */
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

  /** Writes a node and its descendants. */
  write(root: ts.Node): void {
    walk(ts, root, (node) => this.#writeNode(node));
  }

  /** Writes a node; returns whether its descendants still have to be written. */
  #writeNode(node: ts.Node): boolean {
    if (ts.isTypeNode(node) && !ts.isExpressionWithTypeArguments(node)) {
      return false;
    }
    // `target` in `new.target` is not a name, although the checker resolves it to the function.
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

  /** Separates `<` and `!--` in `a<!--b`, which in a script would start a comment. */
  #writeLess({ kind, end }: ts.BinaryOperatorToken): void {
    if (
      kind === ts.SyntaxKind.LessThanToken &&
      this.#file.text.startsWith("!--", end)
    ) {
      this.#text.appendLeft(end, " ");
    }
  }

  /** Replaces `import.meta`, which a script does not allow; `new.target` is unchanged. */
  #writeMetaProperty(node: ts.MetaProperty): void {
    if (node.keywordToken !== ts.SyntaxKind.ImportKeyword) return;
    const start = node.getStart();
    this.#text.overwrite(start, start + "import".length, this.#wrapper.load);
  }

  /** Makes a loop check in each iteration whether its cell has been interrupted. */
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
