/**
 * The project that a file belongs to: its options, and how its modules are found.
 */
import { dirname, sep } from "node:path";
import type * as typescript from "typescript";
import { configurationFile, projectFolder } from "../folders";
import { readConfiguration } from "./configuration";
import { digestOf } from "./file-digests";
import { ModuleResolver } from "./module-resolver";
import { hasNodeResolution, resolutionOptions } from "./resolution-options";

/** Where a project begins, for whoever has to know before TypeScript is loaded. */
export interface ProjectPlace {
  /** The folder whose configuration counts. */
  readonly folder: string;
  /** The nearest tsconfig.json; undefined where there is none. */
  readonly configuration?: string;
}

/**
 * The place of the project that a file belongs to: the notebook's own, or, for a file of another package, that one's.
 *
 * @param notebookFolder The folder of the notebook.
 * @param path The file.
 */
export function placeOf(notebookFolder: string, path: string): ProjectPlace {
  const own = projectFolder(notebookFolder);
  const folder = path.startsWith(own + sep) ? notebookFolder : dirname(path);
  const configuration = configurationFile(folder);
  return configuration === undefined ? { folder } : { folder, configuration };
}

/** What TypeScript knows of a project. */
export class Project {
  readonly options: typescript.CompilerOptions;
  readonly resolver: ModuleResolver;
  /** The configuration and whatever it is made of. */
  readonly files: readonly string[];
  /** The project's declaration files. */
  readonly declarations: readonly string[];
  /** Stands for the options: another one where anything is written another way. */
  readonly digest: string;
  /** Whether modules are found and understood as Node does it. */
  readonly hasNodeResolution: boolean;
  readonly #ts: typeof typescript;

  /**
   * @param ts TypeScript.
   * @param folder The folder whose configuration counts.
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

  /** The options by which a program of the project's files is made. */
  get checkOptions(): typescript.CompilerOptions {
    return {
      ...this.options,
      ...resolutionOptions(this.#ts, this.options),
      target: this.options.target ?? this.#ts.ScriptTarget.ES2022,
      ignoreDeprecations: "6.0",
    };
  }

  /** Whether each file is compiled by its own text alone. */
  get isIsolated(): boolean {
    const { isolatedModules, verbatimModuleSyntax } = this.options;
    return isolatedModules === true || verbatimModuleSyntax === true;
  }
}
