/**
 * Writes a checked cell as executable JavaScript.
 *
 * Names that cells share become properties of one object: `rate = 0.5` becomes `ºcells.rate = 0.5`.
 * This is done by small edits of the cell's text; TypeScript then removes the types. Imports are
 * not part of the script but listed separately, as loading a module may be asynchronous.
 */
import type { SourceMapInput } from "@jridgewell/trace-mapping";
import MagicString from "magic-string";
import ts from "typescript";
import { withoutMapComment } from "../../map-comment";
import type { CellImport, CompiledCell } from "../compiler";
import { joinedMaps } from "../source-map-chain";
import { hasTopLevelAwait } from "../project/top-level-await";
import { importOf, isValue } from "./cell-imports";
import { isDeclared, isJavaScript, isTypeOnly } from "./cell-syntax";
import { hoistAwaits } from "./await-hoister";
import { CellWrapper } from "./cell-wrapper";
import { DeclarationWriter } from "./declaration-writer";
import {
  type FileChecker,
  internalFile,
  TransformFlags,
} from "./internal-typescript";
import { tagOptions, withoutTagImports } from "./jsx";
import type { LiveNames } from "./live-names";
import { MetadataWriter } from "./metadata-writer";
import { NameWriter } from "./name-writer";
import { NodeWriter } from "./node-writer";
import { TypeSerializer } from "./type-serializer";

/** The slot of a cell's last expression, which cannot be a variable name. */
const LAST_EXPRESSION = "%last";

/**
 * A slot that is initialized with the value of another: the slot of the same name before it was
 * redeclared.
 */
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
  readonly #nodes: NodeWriter;
  readonly #declarations: DeclarationWriter;
  /** Undefined if decorators do not receive type metadata. */
  readonly #metadata: MetadataWriter | undefined;
  readonly #imports: CellImport[] = [];
  readonly #isAsync: boolean;
  #lastExpression: string | undefined;

  /**
   * @param file The checked cell.
   * @param checker The checker that has checked it.
   * @param live The live names and their slots.
   * @param options The options with which the cell was checked; some of them affect the output.
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
    this.#isAsync = hasTopLevelAwait(ts, file);
    this.#text = new MagicString(file.text);
    this.#wrapper = new CellWrapper(file);
    this.#names = new NameWriter(
      file,
      this.#text,
      checker,
      live,
      this.#wrapper,
    );
    this.#nodes = new NodeWriter({
      file,
      checker,
      text: this.#text,
      wrapper: this.#wrapper,
      names: this.#names,
      isAsync: this.#isAsync,
    });
    this.#metadata =
      options.experimentalDecorators && options.emitDecoratorMetadata
        ? new MetadataWriter(
            this.#text,
            new TypeSerializer(checker, this.#names, options),
          )
        : undefined;
    this.#declarations = new DeclarationWriter({
      text: this.#text,
      names: this.#names,
      nodes: this.#nodes,
      metadata: this.#metadata,
    });
  }

  /**
   * Returns the compiled cell; `carried` lists the slots that are initialized with the value of
   * another.
   */
  write(carried: readonly CarriedSlot[]): CompiledCell {
    const { statements, text } = this.#file;
    const [hashbang] = /^#!.*/.exec(text) ?? [];
    if (hashbang) this.#text.remove(0, hashbang.length);
    for (const statement of statements) {
      this.#writeStatement(statement, statement === statements.at(-1));
    }
    for (const each of this.#nodes.classes) this.#metadata?.write(each);
    if (!this.#options.experimentalDecorators) {
      hoistAwaits(this.#file, this.#text, this.#wrapper);
    }
    const { body, map } = this.#javascript();
    const first = [
      ...carried.map(({ slot, from }) => this.#wrapper.carry(slot, from)),
      ...this.#declarations.hoisted,
    ];
    const visible = this.#nodes.callsEval
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

  /** Returns the edited text without types, with a source map to the edited text if they differ. */
  #javascript(): { readonly body: string; readonly map?: string | undefined } {
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

  /**
   * Whether Node can run the cell unchanged with the semantics that the project's options demand.
   */
  #isJavaScript(): boolean {
    const { transformFlags } = internalFile(this.#file);
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
      // The next line may start with a bracket.
      this.#text.overwrite(statement.getStart(), statement.end, ";");
    } else if (isDeclared(statement) || isTypeOnly(statement)) {
      this.#declarations.removeExport(statement);
    } else if (ts.isExportAssignment(statement)) {
      this.#writeExpression(statement, statement.expression, isLast);
    } else if (ts.isExpressionStatement(statement)) {
      if (isLast) this.#writeExpression(statement, statement.expression, true);
      else this.#nodes.write(statement);
    } else if (
      ts.isFunctionDeclaration(statement) ||
      ts.isClassDeclaration(statement) ||
      ts.isEnumDeclaration(statement) ||
      ts.isModuleDeclaration(statement)
    ) {
      this.#declarations.write(statement);
    } else if (ts.isVariableStatement(statement)) {
      this.#nodes.variables.write(statement);
    } else {
      this.#nodes.write(statement);
    }
  }

  /** Rewrites `import a = N.b` as `;ºcells.a = ºcells.N.b;`. */
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
    this.#nodes.write(entity);
    this.#text.appendLeft(statement.end, ";");
  }

  /**
   * Writes an expression statement; the value of the last one is displayed as the result of the
   * cell.
   */
  #writeExpression(
    statement: ts.Statement,
    expression: ts.Expression,
    isLast: boolean,
  ): void {
    const start = expression.getStart();
    if (statement.getStart() < start) {
      this.#text.remove(statement.getStart(), start);
    }
    this.#nodes.write(expression);
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
}

/** Whether class fields are defined, as in ECMAScript, rather than assigned. */
function definesFields({
  useDefineForClassFields,
  target = ts.ScriptTarget.ES2022,
}: ts.CompilerOptions): boolean {
  return useDefineForClassFields ?? target >= ts.ScriptTarget.ES2022;
}
