/**
 * Declares the internal functions of TypeScript's language services that the language server uses.
 *
 * The public services work on files of a project, with a checker of their own. The functions below
 * them take any program, here that of the cells. As those in `internal-typescript.ts`, they may
 * change with any version of TypeScript.
 */
import ts from "typescript";
import { internals } from "./internal-typescript";

/** A place where a name is used, as TypeScript's search returns it. */
type ReferenceEntry = object;

/** What a code fix needs to know. */
export interface CodeFixContext {
  readonly errorCode: number;
  readonly sourceFile: ts.SourceFile;
  readonly span: ts.TextSpan;
  readonly program: ts.Program;
  readonly host: object;
  readonly cancellationToken: ts.CancellationToken;
  readonly formatContext: object;
  readonly preferences: ts.UserPreferences;
}

interface InternalServices {
  readonly GoToDefinition: {
    getDefinitionAtPosition(
      program: ts.Program,
      file: ts.SourceFile,
      position: number,
    ): readonly ts.DefinitionInfo[] | undefined;
  };
  readonly FindAllReferences: {
    /** Searches these files for what is at a position. */
    findReferencedSymbols(
      program: ts.Program,
      token: ts.CancellationToken,
      files: readonly ts.SourceFile[],
      file: ts.SourceFile,
      position: number,
    ): readonly ts.ReferencedSymbol[] | undefined;
    findReferenceOrRenameEntries<Result>(
      program: ts.Program,
      token: ts.CancellationToken,
      files: readonly ts.SourceFile[],
      node: ts.Node,
      position: number,
      options: {
        /** 2 stands for a rename. */
        readonly use: 2;
        readonly providePrefixAndSuffixTextForRename: boolean;
      },
      convert: (
        entry: ReferenceEntry,
        original: ts.Node,
        checker: ts.TypeChecker,
      ) => Result,
    ): readonly Result[] | undefined;
    toRenameLocation(
      entry: ReferenceEntry,
      original: ts.Node,
      checker: ts.TypeChecker,
      providePrefixAndSuffixText: boolean,
      /** 1 stands for double quotes. */
      quotePreference: 1,
    ): ts.RenameLocation;
  };
  readonly Rename: {
    getRenameInfo(
      program: ts.Program,
      file: ts.SourceFile,
      position: number,
      preferences: ts.UserPreferences,
    ): ts.RenameInfo;
  };
  readonly SignatureHelp: {
    getSignatureHelpItems(
      program: ts.Program,
      file: ts.SourceFile,
      position: number,
      reason: ts.SignatureHelpTriggerReason | undefined,
      token: ts.CancellationToken,
    ): ts.SignatureHelpItems | undefined;
  };
  readonly codefix: {
    getFixes(context: CodeFixContext): readonly ts.CodeFixAction[];
  };
  readonly formatting: {
    getFormatContext(settings: ts.FormatCodeSettings, host: object): object;
  };
  /** Whether a name is assigned to, or declared with a value. */
  isWriteAccess(node: ts.Node): boolean;
}

/**
 * Returns TypeScript's internal language services.
 *
 * @throws An Error if TypeScript has another version than the kernel expects.
 */
export function internalServices(): InternalServices {
  return internals(ts) as unknown as InternalServices;
}
