/**
 * The project that a notebook's cells belong to, as their checker has it: options, declaration files, and how modules are found.
 */
import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import ts from "typescript";
import {
  type Configuration,
  readConfiguration,
} from "../project/configuration";
import { ConfigurationWatch } from "../project/configuration-watch";
import { fileSyntax } from "../project/file-imports";
import { type FormatChoice, moduleFormat } from "../project/module-format";
import { type ImportMode, ModuleResolver } from "../project/module-resolver";
import {
  hasNodeResolution,
  resolutionOptions,
} from "../project/resolution-options";
import type { CompilerSettings } from "../settings";
import { compilerOptions } from "./cell-file";
import { projectOptions } from "./project-options";

/** The project around a notebook, read again when its files have changed. */
export class CellProject {
  readonly #settings: CompilerSettings;
  #configuration: Configuration;
  #watch: ConfigurationWatch;
  #options: ts.CompilerOptions;
  #resolver: ModuleResolver;

  /** @param settings Where cells stand, and where packages and global types are. */
  constructor(settings: CompilerSettings) {
    const { notebookFolder } = settings;
    this.#settings = settings;
    this.#configuration = readConfiguration(ts, notebookFolder);
    this.#watch = new ConfigurationWatch(notebookFolder, this.#configuration);
    this.#options = this.#cellOptions();
    this.#resolver = this.#createResolver();
  }

  /** How cells are checked and written out. */
  get options(): ts.CompilerOptions {
    return this.#options;
  }

  /** Looks up modules. */
  get resolver(): ModuleResolver {
    return this.#resolver;
  }

  /** The project's declaration files. */
  get declarations(): readonly string[] {
    return this.#configuration.declarations;
  }

  /** What is wrong with the configuration. */
  get warnings(): readonly string[] {
    return this.#configuration.warnings;
  }

  /** Whether modules are understood as Node does it, and not as a bundler. */
  get hasNodeResolution(): boolean {
    return hasNodeResolution(ts, this.#configuration.options);
  }

  /** Whether the configuration is still as it was. */
  get isCurrent(): boolean {
    const { haveFilesChanged, haveFoldersChanged } = this.#watch;
    const { notebookFolder } = this.#settings;
    return (
      !(haveFilesChanged || haveFoldersChanged) ||
      isDeepStrictEqual(
        readConfiguration(ts, notebookFolder),
        this.#configuration,
      )
    );
  }

  /**
   * Reads the configuration again if it may be another; whether it is, or a declaration file of the project has changed.
   *
   * @param looksInFolders Whether files may have been added, too.
   */
  readAgain(looksInFolders: boolean): boolean {
    const { haveFilesChanged } = this.#watch;
    if (
      !haveFilesChanged &&
      !(looksInFolders && this.#watch.haveFoldersChanged)
    ) {
      return false;
    }
    const { notebookFolder } = this.#settings;
    const configuration = readConfiguration(ts, notebookFolder);
    this.#watch = new ConfigurationWatch(notebookFolder, configuration);
    if (isDeepStrictEqual(configuration, this.#configuration)) {
      return haveFilesChanged;
    }
    this.#configuration = configuration;
    this.#options = this.#cellOptions();
    this.#resolver = this.#createResolver();
    return true;
  }

  /** How a file asks for a module: a file that runs as CommonJS requires what it imports. */
  modeOf(literal: ts.StringLiteralLike, file: ts.SourceFile): ImportMode {
    if (file.isDeclarationFile) {
      const mode = ts.getModeForUsageLocation(file, literal, this.#options);
      return mode === ts.ModuleKind.CommonJS ? "require" : "import";
    }
    if (ts.isExternalModuleReference(literal.parent)) return "require";
    const isDynamic = ts.isCallExpression(literal.parent);
    const isModule = this.#formatOf(file).format === "module";
    return isDynamic || isModule ? "import" : "require";
  }

  /** Whether a file runs as CommonJS, or as an ES module that may do what only CommonJS can. */
  mayRequire(file: ts.SourceFile): boolean {
    const { format, isChosen } = this.#formatOf(file);
    return format === "commonjs" || !isChosen;
  }

  #formatOf(file: ts.SourceFile): FormatChoice {
    const { options } = this.#configuration;
    const syntax = () => fileSyntax(ts, file);
    return moduleFormat(ts, file.fileName, options, syntax);
  }

  #createResolver(): ModuleResolver {
    const { options } = this.#configuration;
    return new ModuleResolver(ts, options, ts.sys, this.#settings.kernelFolder);
  }

  #cellOptions(): ts.CompilerOptions {
    const { options, types } = this.#configuration;
    const { projectFolder, kernelTypes } = this.#settings;
    return {
      ...compilerOptions,
      ...projectOptions(this.#configuration),
      ...resolutionOptions(ts, options),
      types: [...new Set([...compilerOptions.types!, ...types])],
      typeRoots: [
        ...(options.typeRoots ?? []),
        join(projectFolder, "node_modules", "@types"),
        // The kernel's own, for a notebook outside of any project.
        kernelTypes,
      ],
    };
  }
}
