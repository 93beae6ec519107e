/**
 * Defines what a project compiler needs.
 */
import type * as typescript from "typescript";
import type { CompilationCache } from "./compilation-cache";
import type { FileDigests } from "./file-digests";
import type { CheckedFile } from "./file-emitter";

/** Finds files that have been checked. */
export interface CheckedFiles {
  find(path: string): CheckedFile | undefined;
}

/** The options of a project compiler. */
export interface ProjectCompilerOptions {
  readonly ts: typeof typescript;
  /** The folder of the notebook, whose project's options apply. */
  readonly notebookFolder: string;
  /** The kernel's own folder, from which its bundled library is resolved. */
  readonly kernelFolder: string;
  /** The folder of TypeScript's standard library. */
  readonly standardLibrary: string;
  readonly cache: CompilationCache;
  readonly digests: FileDigests;
  readonly checked?: CheckedFiles;
}
