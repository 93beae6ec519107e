/**
 * The inner functions and fields of TypeScript that the kernel's compiler is built on, all in this one place.
 *
 * TypeScript checks whole programs and writes whole projects. To check one more cell in a millisecond, and to write a file as its
 * checked program knows it, takes functions that TypeScript has but does not promise to keep. So the kernel goes with one version
 * and says so at once if it meets another. `docs/kernel.md` says what each function is for.
 */
import type * as ts from "typescript";

/** The version whose inner functions are known here; kernel/package.json asks for it. */
const KNOWN_VERSION = "6.0.3";

/** A module as TypeScript has found it; `resolvedModule` is undefined if it has not. */
export interface FoundModule {
  readonly resolvedModule: ts.ResolvedModuleFull | undefined;
}

/** A table of symbols, in which names are looked up. */
export interface SymbolTable {
  get(name: ts.__String): ts.Symbol | undefined;
  has(name: ts.__String): boolean;
  entries(): IterableIterator<[ts.__String, ts.Symbol]>;
}

/** A parsed file with the fields that the parser, the binder and the checker share. */
export interface InnerFile {
  path: string;
  resolvedPath: string;
  originalFileName: string;
  /** Present if the file is a module; what in it makes it one. */
  externalModuleIndicator?: ts.Node;
  /** Module names that the file augments or declares. */
  moduleAugmentations: ts.Node[];
  ambientModuleNames: string[];
  imports: readonly ts.StringLiteralLike[];
  parseDiagnostics: readonly ts.DiagnosticWithLocation[];
  bindDiagnostics: readonly ts.DiagnosticWithLocation[];
  symbol: ts.Symbol | undefined;
  locals: SymbolTable;
  /** The texts of all identifiers in the file; of some literals too. */
  readonly identifiers: ReadonlyMap<string, string>;
  /** Present if the file has such comments. */
  commentDirectives?: readonly CommentDirective[];
  /** Comments such as `@jsx h`, by their names in small letters. */
  readonly pragmas: ReadonlyMap<string, Pragma | readonly Pragma[]>;
  /** Which kinds of syntax the file contains, as bits of {@link TransformFlags}. */
  transformFlags: number;
}

/** Bits by which TypeScript knows what it would have to rewrite for an engine that has ES2022. */
export enum TransformFlags {
  TypeScript = 1 << 0,
  Jsx = 1 << 1,
  EsNext = 1 << 2,
  TypeScriptClassSyntax = 1 << 13,
  ClassFields = 1 << 24,
  Decorators = 1 << 25,
}

/** A comment that says how tags are written. */
export interface Pragma {
  readonly arguments: { readonly factory?: string };
  readonly range: ts.TextRange;
}

/** What a type is at run time, in the numbers of TypeScript's emitter. */
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
export interface CommentDirective {
  readonly range: ts.TextRange;
}

/** A program as the checker sees it, with the methods that are answered for cells here. */
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

/** A checker with the methods that give all that is wrong with one file, and what has to be known to write it. */
export interface FileChecker extends ts.TypeChecker {
  getDiagnostics(file: ts.SourceFile): readonly ts.Diagnostic[];
  /** What a name stands for at a place. */
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

/** A symbol with the field by which an exported declaration's local symbol leads to the other one. */
export interface InnerSymbol extends ts.Symbol {
  readonly exportSymbol?: ts.Symbol;
}

/** A syntax node with the doc comments before it. */
export interface DocumentedNode extends ts.Node {
  jsDoc?: ts.JSDoc[];
}

/** What can stand at a place, with the symbol that TypeScript has in mind. */
export type InnerCompletion = ts.CompletionEntry & {
  readonly symbol?: ts.Symbol;
};

interface InnerFunctions {
  createTypeChecker(host: CheckerHost): FileChecker;
  bindSourceFile(file: ts.SourceFile, options: ts.CompilerOptions): void;
  createCommentDirectivesMap(
    file: ts.SourceFile,
    directives: readonly CommentDirective[],
  ): {
    /** Whether a line holds a directive, which from now on has been of use. */
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
    ): { readonly entries: readonly InnerCompletion[] } | undefined;
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
 * The inner functions of TypeScript.
 *
 * @param typescript TypeScript, which the runtime loads only if it has to.
 * @throws An Error if TypeScript is of another version.
 */
export function inner(typescript: typeof ts): InnerFunctions {
  if (typescript.version !== KNOWN_VERSION) {
    throw new Error(
      `Expected TypeScript ${KNOWN_VERSION}, whose inner functions the kernel uses, received ${typescript.version}.`,
    );
  }
  return typescript as unknown as InnerFunctions;
}

/** A file with its inner fields. */
export function innerFile(file: ts.SourceFile): InnerFile & ts.SourceFile {
  return file as unknown as InnerFile & ts.SourceFile;
}

/** Lets the names that a file does not declare be looked up in another. */
export function setScope(
  file: ts.SourceFile,
  scope: ts.SourceFile | undefined,
): void {
  (file as { parent: ts.Node | undefined }).parent = scope;
}
