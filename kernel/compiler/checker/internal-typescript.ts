/**
 * Declares the internal functions and fields of TypeScript that the kernel's compiler uses.
 *
 * TypeScript's public interface checks and emits whole projects. Checking one more cell in a
 * millisecond, and emitting a single file of a checked program, requires internal functions that
 * may change at any time. The kernel therefore depends on one exact version and rejects any other.
 * `docs/kernel.md` describes what each function is used for.
 */
import { coded } from "@convnotes/notebook/coded-error";
import type * as ts from "typescript";

/** The TypeScript version whose internals are declared here; kernel/package.json depends on it. */
const KNOWN_VERSION = "6.0.3";

/** A module resolution; `resolvedModule` is undefined if the module was not found. */
export interface FoundModule {
  readonly resolvedModule: ts.ResolvedModuleFull | undefined;
}

/** A table of symbols by name. */
interface SymbolTable {
  get(name: ts.__String): ts.Symbol | undefined;
  has(name: ts.__String): boolean;
  entries(): IterableIterator<[ts.__String, ts.Symbol]>;
}

/** A source file with the fields that the parser, the binder and the checker share. */
interface InternalFile {
  path: string;
  resolvedPath: string;
  originalFileName: string;
  /** The node that makes the file a module; undefined if it is not a module. */
  externalModuleIndicator?: ts.Node;
  /** The names of modules that the file augments or declares. */
  moduleAugmentations: ts.Node[];
  ambientModuleNames: string[];
  imports: readonly ts.StringLiteralLike[];
  parseDiagnostics: readonly ts.DiagnosticWithLocation[];
  bindDiagnostics: readonly ts.DiagnosticWithLocation[];
  symbol: ts.Symbol | undefined;
  locals: SymbolTable;
  /** The texts of all identifiers in the file, and of some literals. */
  readonly identifiers: ReadonlyMap<string, string>;
  /** `@ts-ignore` and `@ts-expect-error` comments; undefined if there are none. */
  commentDirectives?: readonly CommentDirective[];
  /** Comments such as `@jsx h`, by name in lower case. */
  readonly pragmas: ReadonlyMap<string, Pragma | readonly Pragma[]>;
  /** The kinds of syntax in the file, as bits of {@link TransformFlags}. */
  transformFlags: number;
}

/** Flags for syntax that TypeScript has to transform for an ES2022 engine. */
export enum TransformFlags {
  TypeScript = 1 << 0,
  Jsx = 1 << 1,
  EsNext = 1 << 2,
  TypeScriptClassSyntax = 1 << 13,
  ClassFields = 1 << 24,
  Decorators = 1 << 25,
}

/** A comment that configures JSX. */
interface Pragma {
  readonly arguments: { readonly factory?: string };
  readonly range: ts.TextRange;
}

/** The run-time kinds of types, with the numbers of TypeScript's emitter. */
export enum TypeKind {
  Unknown,
  WithConstructSignatureAndValue,
  VoidNullableOrNever,
  NumberLike,
  BigIntLike,
  StringLike,
  Boolean,
  ArrayLike,
  Symbol,
  Promise,
  WithCallSignature,
  Object,
}

/** A comment `@ts-ignore` or `@ts-expect-error`. */
interface CommentDirective {
  readonly range: ts.TextRange;
}

/** A program as the checker sees it, with the methods that are overridden for cells. */
export interface CheckerHost extends ts.Program {
  getResolvedModule(
    file: ts.SourceFile,
    name: string,
    mode: unknown,
  ): FoundModule | undefined;
  getResolvedModuleFromModuleSpecifier(
    specifier: ts.StringLiteralLike,
    file?: ts.SourceFile,
  ): FoundModule | undefined;
}

/** A type checker with internal methods for checking and emitting a single file. */
export interface FileChecker extends ts.TypeChecker {
  getDiagnostics(file: ts.SourceFile): readonly ts.Diagnostic[];
  /** Returns the symbol that a name refers to at a location. */
  resolveName(
    name: string,
    place: ts.Node | undefined,
    meaning: ts.SymbolFlags,
    excludeGlobals: boolean,
  ): ts.Symbol | undefined;
  getEmitResolver(
    file: ts.SourceFile,
    token: undefined,
    skipDiagnostics: boolean,
  ): {
    getTypeReferenceSerializationKind(
      name: ts.EntityName,
      place: ts.Node,
    ): TypeKind;
  };
}

/**
 * A symbol with the field that leads from the local symbol of an exported declaration to the
 * exported symbol.
 */
export interface InternalSymbol extends ts.Symbol {
  readonly exportSymbol?: ts.Symbol;
}

/** A syntax node with its doc comments. */
export interface DocumentedNode extends ts.Node {
  jsDoc?: ts.JSDoc[];
}

/** A completion entry with its symbol. */
export type InternalCompletion = ts.CompletionEntry & {
  readonly symbol?: ts.Symbol;
};

interface InternalFunctions {
  createTypeChecker(host: CheckerHost): FileChecker;
  bindSourceFile(file: ts.SourceFile, options: ts.CompilerOptions): void;
  createCommentDirectivesMap(
    file: ts.SourceFile,
    directives: readonly CommentDirective[],
  ): {
    /** Marks the directive on a line as used. Returns whether the line has one. */
    markUsed(line: number): boolean;
    getUnusedExpectations(): CommentDirective[];
  };
  getTouchingPropertyName(file: ts.SourceFile, position: number): ts.Node;
  readonly Completions: {
    getCompletionsAtPosition(
      host: object,
      program: ts.Program,
      log: (text: string) => void,
      file: ts.SourceFile,
      position: number,
      preferences: ts.UserPreferences,
      triggerCharacter: string | undefined,
      kind: ts.CompletionTriggerKind | undefined,
      cancellation: undefined,
      format: undefined,
      includeSymbol: boolean,
    ): { readonly entries: readonly InternalCompletion[] } | undefined;
  };
  readonly SymbolDisplay: {
    getSymbolDisplayPartsDocumentationAndSymbolKind(
      checker: ts.TypeChecker,
      symbol: ts.Symbol,
      file: ts.SourceFile,
      enclosing: ts.Node | undefined,
      location: ts.Node,
    ): {
      readonly displayParts: ts.SymbolDisplayPart[];
      readonly documentation: ts.SymbolDisplayPart[];
      readonly tags: ts.JSDocTagInfo[] | undefined;
      readonly symbolKind: string;
    };
  };
  getTransformers(
    options: ts.CompilerOptions,
    custom: ts.CustomTransformers,
    emitOnly: undefined,
  ): object;
  emitFiles(
    resolver: object,
    host: object,
    file: ts.SourceFile,
    transformers: object,
    emitOnly: undefined,
    onlyBuildInfo: boolean,
    forceDeclarations: boolean,
    skipBuildInfo: boolean,
  ): unknown;
}

/**
 * Returns the internal functions of TypeScript.
 *
 * @param typescript TypeScript, which the runtime loads only if necessary.
 * @throws An Error if TypeScript has another version.
 */
export function internals(typescript: typeof ts): InternalFunctions {
  if (typescript.version !== KNOWN_VERSION) {
    throw coded(
      "ERR_VERSION",
      new Error(
        `Expected TypeScript ${KNOWN_VERSION}, whose internal functions the kernel uses, received version ${typescript.version}.`,
      ),
    );
  }
  return typescript as unknown as InternalFunctions;
}

/** Returns a file with its internal fields. */
export function internalFile(
  file: ts.SourceFile,
): InternalFile & ts.SourceFile {
  return file as unknown as InternalFile & ts.SourceFile;
}

/** Makes a file look up names that it does not declare in another file. */
export function setScope(
  file: ts.SourceFile,
  scope: ts.SourceFile | undefined,
): void {
  (file as { parent: ts.Node | undefined }).parent = scope;
}
