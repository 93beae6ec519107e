/**
 * Provides the options, declaration files and module resolution of the project of a notebook's
 * cells.
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

/** The project of a notebook, reloaded when its files change. */
export class CellProject {
  readonly #settings: CompilerSettings;
  #configuration: Configuration;
  #watch: ConfigurationWatch;
  #options: ts.CompilerOptions;
  #resolver: ModuleResolver;

  /** @param settings The folder of the cells and the locations of packages and global types. */
  constructor(settings: CompilerSettings) {
    const { notebookFolder } = settings;
    this.#settings = settings;
    this.#configuration = readConfiguration(ts, notebookFolder);
    this.#watch = new ConfigurationWatch(notebookFolder, this.#configuration);
    this.#options = this.#cellOptions();
    this.#resolver = this.#createResolver();
  }

  /** The options for checking and compiling cells. */
  get options(): ts.CompilerOptions {
    return this.#options;
  }

  /** The module resolver of the project. */
  get resolver(): ModuleResolver {
    return this.#resolver;
  }

  /** The project's declaration files. */
  get declarations(): readonly string[] {
    return this.#configuration.declarations;
  }

  /** The warnings about the configuration. */
  get warnings(): readonly string[] {
    return this.#configuration.warnings;
  }

  /** Whether modules are resolved as in Node rather than as in a bundler. */
  get hasNodeResolution(): boolean {
    return hasNodeResolution(ts, this.#configuration.options);
  }

  /** Whether the configuration is unchanged. */
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
   * Reloads the configuration if its files have changed. Returns whether the configuration or a
   * declaration file of the project is different.
   *
   * @param looksInFolders Whether to check for added files, too.
   */
  reload(looksInFolders: boolean): boolean {
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

  /**
   * Returns whether a specifier is imported or required: imports of a file that runs as CommonJS
   * are required.
   */
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

  /** Whether a file runs as CommonJS, or as an ES module that may use CommonJS syntax. */
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
        // The kernel's own types, for a notebook outside any project.
        kernelTypes,
      ],
    };
  }
}
