/**
 * Writes a checked cell as the JavaScript that runs.
 *
 * Names that cells share become fields of one object: `rate = 0.5` becomes `ºcells.rate = 0.5`. That is done in the cell's own
 * text, by small edits; TypeScript then takes the types out. What the cell imports is not part of the script but listed beside it,
 * as loading a module may take a promise.
 */
import type { SourceMapInput } from "@jridgewell/trace-mapping";
import MagicString from "magic-string";
import * as ts from "typescript";
import { withoutMapComment } from "../../map-comment";
import type { CellImport, CompiledCell } from "../compiler";
import { joinedMaps } from "../source-map-chain";
import { importOf, isValue } from "./cell-imports";
import {
  awaitsAtTop,
  isDeclared,
  isDirectEval,
  isInAsync,
  isInList,
  isJavaScript,
  isTypeOnly,
  namedByAssignment,
} from "./cell-syntax";
import { hoistAwaits } from "./await-hoister";
import { CellWrapper } from "./cell-wrapper";
import { ConstantWriter } from "./constant-writer";
import {
  type FileChecker,
  innerFile,
  TransformFlags,
} from "./inner-typescript";
import { tagOptions, withoutTagImports } from "./jsx";
import type { LiveNames } from "./live-names";
import { MetadataWriter } from "./metadata-writer";
import { NameWriter } from "./name-writer";
import { TypeSerializer } from "./type-serializer";
import { VariableWriter } from "./variable-writer";
import { walk } from "./walk";

/** The slot of a cell's last expression; no name can be like it. */
const LAST_EXPRESSION = "%last";

/** A slot that begins with the value of another: that of the name before it was declared again. */
export interface CarriedSlot {
  readonly slot: string;
  readonly from: string;
}

/** Writes one cell. */
export class CellWriter {
  readonly #file: ts.SourceFile;
  readonly #checker: FileChecker;
  readonly #live: LiveNames;
  readonly #options: ts.CompilerOptions;
  readonly #text: MagicString;
  readonly #wrapper: CellWrapper;
  readonly #names: NameWriter;
  readonly #variables: VariableWriter;
  readonly #constants: ConstantWriter;
  /** Absent where decorators are told nothing of types. */
  readonly #metadata: MetadataWriter | undefined;
  readonly #imports: CellImport[] = [];
  /** What is done before the cell begins: functions are there from the start. */
  readonly #before: string[] = [];
  readonly #isAsync: boolean;
  #lastExpression: string | undefined;
  #callsEval = false;
  /** Classes, whose metadata is written when they themselves have been. */
  readonly #classes: ts.ClassLikeDeclaration[] = [];

  /**
   * @param file The checked cell.
   * @param checker The checker that has checked it.
   * @param live What names stand for.
   * @param options The options by which it was checked, which say how some of it is written.
   */
  constructor(
    file: ts.SourceFile,
    checker: FileChecker,
    live: LiveNames,
    options: ts.CompilerOptions,
  ) {
    this.#file = file;
    this.#checker = checker;
    this.#live = live;
    this.#options = options;
    this.#isAsync = awaitsAtTop(file);
    this.#text = new MagicString(file.text);
    this.#wrapper = new CellWrapper(file);
    this.#names = new NameWriter(
      file,
      this.#text,
      checker,
      live,
      this.#wrapper,
    );
    const visit = (node: ts.Node) => this.#visit(node);
    this.#variables = new VariableWriter(this.#text, this.#names, visit);
    this.#constants = new ConstantWriter(this.#text, checker, visit);
    this.#metadata =
      options.experimentalDecorators && options.emitDecoratorMetadata
        ? new MetadataWriter(
            this.#text,
            new TypeSerializer(checker, this.#names, options),
          )
        : undefined;
  }

  /** The cell as a script; `carried` are the slots that begin with the value of another. */
  write(carried: readonly CarriedSlot[]): CompiledCell {
    const { statements, text } = this.#file;
    const [hashbang] = /^#!.*/.exec(text) ?? [];
    if (hashbang) this.#text.remove(0, hashbang.length);
    for (const statement of statements) {
      this.#writeStatement(statement, statement === statements.at(-1));
    }
    for (const each of this.#classes) this.#metadata?.write(each);
    if (!this.#options.experimentalDecorators) {
      hoistAwaits(this.#file, this.#text, this.#wrapper);
    }
    const { body, map } = this.#javascript();
    const first = [
      ...carried.map(({ slot, from }) => this.#wrapper.carry(slot, from)),
      ...this.#before,
    ];
    const visible = this.#callsEval
      ? this.#live.visible(this.#file, this.#checker)
      : undefined;
    return {
      javascript: this.#wrapper.script(body, first, this.#isAsync, visible),
      sourceMap: joinedMaps(
        this.#text.generateDecodedMap({ hires: "boundary" }) as SourceMapInput,
        map,
        { wrapper: 1, preamble: 0, replaced: this.#names.calls },
      ),
      isAsync: this.#isAsync,
      imports: this.#imports,
      lastExpression: this.#lastExpression,
    };
  }

  /** The edited text without its types; with a map from the one to the other, if they differ. */
  #javascript(): { readonly body: string; readonly map?: string } {
    const tags = tagOptions(this.#file, this.#text, this.#names, this.#options);
    const edited = this.#text.toString();
    if (this.#isJavaScript()) return { body: edited };
    const compilerOptions: ts.CompilerOptions = {
      target: ts.ScriptTarget.ES2022,
      module: ts.ModuleKind.ESNext,
      experimentalDecorators: this.#options.experimentalDecorators ?? false,
      useDefineForClassFields: definesFields(this.#options),
      ...tags,
      preserveConstEnums: true,
      sourceMap: true,
    };
    const { outputText, sourceMapText } = ts.transpileModule(edited, {
      fileName: this.#file.fileName.endsWith("x") ? "cell.tsx" : "cell.ts",
      compilerOptions,
    });
    const { javascript, imports } = withoutTagImports(
      outputText,
      tags,
      this.#names,
    );
    this.#imports.push(...imports);
    return { body: withoutMapComment(javascript), map: sourceMapText };
  }

  /** Whether Node takes the cell as it stands, and makes of it what the project says. */
  #isJavaScript(): boolean {
    const { transformFlags } = innerFile(this.#file);
    return (
      isJavaScript(this.#file) &&
      (definesFields(this.#options) ||
        (transformFlags & TransformFlags.ClassFields) === 0)
    );
  }

  #writeStatement(statement: ts.Statement, isLast: boolean): void {
    if (
      ts.isImportEqualsDeclaration(statement) &&
      ts.isEntityName(statement.moduleReference)
    ) {
      this.#writeAlias(statement, statement.moduleReference);
    } else if (
      ts.isImportDeclaration(statement) ||
      ts.isImportEqualsDeclaration(statement) ||
      ts.isExportDeclaration(statement)
    ) {
      const found = importOf(statement, this.#checker, (name) =>
        this.#names.slotOf(name),
      );
      if (found) this.#imports.push(found);
      // The next line may begin with a bracket.
      this.#text.overwrite(statement.getStart(), statement.end, ";");
    } else if (isDeclared(statement) || isTypeOnly(statement)) {
      this.#removeExport(statement);
    } else if (ts.isExportAssignment(statement)) {
      this.#writeExpression(statement, statement.expression, isLast);
    } else if (ts.isExpressionStatement(statement)) {
      if (isLast) this.#writeExpression(statement, statement.expression, true);
      else this.#visit(statement);
    } else if (
      ts.isFunctionDeclaration(statement) ||
      ts.isClassDeclaration(statement) ||
      ts.isEnumDeclaration(statement) ||
      ts.isModuleDeclaration(statement)
    ) {
      this.#writeDeclaration(statement);
    } else if (ts.isVariableStatement(statement)) {
      this.#variables.write(statement);
    } else {
      this.#visit(statement);
    }
  }

  /** `import a = N.b` becomes `;ºcells.a = ºcells.N.b;`. */
  #writeAlias(
    statement: ts.ImportEqualsDeclaration,
    entity: ts.EntityName,
  ): void {
    const { name, isTypeOnly: isType } = statement;
    const slot = this.#names.slotOf(name);
    if (slot === undefined || isType || !isValue(name, this.#checker)) {
      this.#text.overwrite(statement.getStart(), statement.end, ";");
      return;
    }
    const [start, end] = [statement.getStart(), entity.getStart()];
    this.#text.overwrite(start, end, `;${this.#names.field(slot)} = `);
    this.#visit(entity);
    this.#text.appendLeft(statement.end, ";");
  }

  /** An expression at the end of a cell is what the cell shows. */
  #writeExpression(
    statement: ts.Statement,
    expression: ts.Expression,
    isLast: boolean,
  ): void {
    const start = expression.getStart();
    if (statement.getStart() < start) {
      this.#text.remove(statement.getStart(), start);
    }
    this.#visit(expression);
    if (isLast) {
      this.#lastExpression = LAST_EXPRESSION;
      this.#text.appendRight(
        start,
        `;${this.#names.field(LAST_EXPRESSION)} = (`,
      );
      this.#text.appendLeft(expression.end, ")");
    } else {
      this.#text.appendRight(start, ";");
    }
  }

  /** Functions, classes, enums and namespaces stay what they are; others see them by their field. */
  #writeDeclaration(
    declaration:
      | ts.FunctionDeclaration
      | ts.ClassDeclaration
      | ts.EnumDeclaration
      | ts.ModuleDeclaration,
  ): void {
    this.#removeExport(declaration);
    const { name } = declaration;
    if (ts.isEnumDeclaration(declaration)) {
      this.#constants.writeMembers(declaration);
    } else {
      ts.forEachChild(declaration, (child) => {
        if (child !== name) this.#visit(child);
      });
      if (ts.isClassLike(declaration)) this.#metadata?.write(declaration);
    }
    if (!name) {
      // `export default function () { … }`: an expression that nobody uses.
      const modifiers = ts.getModifiers(declaration as ts.FunctionDeclaration);
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
      this.#before.push(assignment);
    }
  }

  #removeExport(statement: ts.Statement): void {
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

  /** A function without a name that an assignment names, and the semicolon that its statement then needs. */
  #writeAssigned(
    assignment: ts.Node,
    target: ts.Identifier,
    value: ts.Expression,
  ): void {
    this.#visit(target);
    this.#variables.writeNamed(target, value);
    const statement = ts.findAncestor(assignment, ts.isExpressionStatement);
    if (
      statement?.expression.end === value.end &&
      isInList(statement) &&
      statement !== this.#file.statements.at(-1)
    ) {
      this.#text.appendLeft(value.end, ";");
    }
  }

  #visit(root: ts.Node): void {
    walk(root, (node) => this.#writeNode(node));
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
    if (this.#constants.writeUse(node)) return false;
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
      this.#constants.writeMembers(node);
      return false;
    }
    if (ts.isShorthandPropertyAssignment(node)) {
      const isField = this.#names.writeShorthand(node);
      const { name, objectAssignmentInitializer: value } = node;
      if (value && isField) this.#variables.writeNamed(name, value);
      else if (value) this.#visit(value);
      return false;
    }
    if (
      ts.isVariableDeclarationList(node) &&
      this.#variables.isLiveList(node)
    ) {
      this.#variables.writeNested(node);
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
      this.#classes.push(node);
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

/** Whether a class's fields are defined, as in ECMAScript, rather than assigned. */
function definesFields({
  useDefineForClassFields,
  target = ts.ScriptTarget.ES2022,
}: ts.CompilerOptions): boolean {
  return useDefineForClassFields ?? target >= ts.ScriptTarget.ES2022;
}
