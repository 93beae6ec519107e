/**
 * Represents the project of a file: its options and its module resolution.
 */
import { dirname, sep } from "node:path";
import type * as typescript from "typescript";
import { configurationFile, projectFolder } from "../folders";
import { readConfiguration } from "./configuration";
import { digestOf } from "./file-digests";
import { ModuleResolver } from "./module-resolver";
import { hasNodeResolution, resolutionOptions } from "./resolution-options";

/** The location of a project, which is known before TypeScript is loaded. */
export interface ProjectLocation {
  /** The folder whose configuration applies. */
  readonly folder: string;
  /** The nearest tsconfig.json; undefined if there is none. */
  readonly configuration?: string;
}

/**
 * Returns the location of a file's project: the notebook's own project, or that of the file's
 * package.
 *
 * @param notebookFolder The folder of the notebook.
 * @param path The file.
 */
export function locateProject(
  notebookFolder: string,
  path: string,
): ProjectLocation {
  const own = projectFolder(notebookFolder);
  const folder = path.startsWith(own + sep) ? notebookFolder : dirname(path);
  const configuration = configurationFile(folder);
  return configuration === undefined ? { folder } : { folder, configuration };
}

/** A project with its options, files and module resolver. */
export class Project {
  readonly options: typescript.CompilerOptions;
  readonly resolver: ModuleResolver;
  /** The configuration file and the files that it extends or references. */
  readonly files: readonly string[];
  /** The project's declaration files. */
  readonly declarations: readonly string[];
  /** A digest of everything that affects how files are emitted. */
  readonly digest: string;
  /** Whether modules are resolved as in Node. */
  readonly hasNodeResolution: boolean;
  readonly #ts: typeof typescript;

  /**
   * @param ts TypeScript.
   * @param folder The folder whose configuration applies.
   * @param host Reads files.
   * @param kernelFolder The kernel's own folder.
   */
  constructor(
    ts: typeof typescript,
    folder: string,
    host: typescript.ModuleResolutionHost,
    kernelFolder: string,
  ) {
    const { options, files, declarations } = readConfiguration(ts, folder);
    this.#ts = ts;
    this.options = options;
    this.files = files;
    this.declarations = declarations;
    this.digest = digestOf(JSON.stringify(options), ...declarations);
    this.hasNodeResolution = hasNodeResolution(ts, options);
    this.resolver = new ModuleResolver(ts, options, host, kernelFolder);
  }

  /** The options for creating a program of the project's files. */
  get checkOptions(): typescript.CompilerOptions {
    return {
      ...this.options,
      ...resolutionOptions(this.#ts, this.options),
      target: this.options.target ?? this.#ts.ScriptTarget.ES2022,
      ignoreDeprecations: "6.0",
    };
  }

  /** Whether each file is compiled from its own text alone. */
  get isIsolated(): boolean {
    const { isolatedModules, verbatimModuleSyntax } = this.options;
    return isolatedModules === true || verbatimModuleSyntax === true;
  }
}
