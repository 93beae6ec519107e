/**
 * The files of projects and what each of them imports.
 */
import { readFileSync } from "node:fs";
import { extname } from "node:path";
import type * as typescript from "typescript";
import type { ModuleTarget } from "./compiled-file";
import type { FileDigests } from "./file-digests";
import { fileImports, type FileImport, fileSyntax } from "./file-imports";
import {
  type FormatChoice,
  moduleFormat,
  type ModuleFormat,
} from "./module-format";
import type { ImportMode } from "./module-resolver";
import { packageScope } from "./package-scope";
import type { Project } from "./project";
import { isCompiled, isDeclaration, isInstalled } from "./source-files";

/** An import that leads to a file. */
export interface GraphEdge extends FileImport {
  readonly target: string;
}

/** A file as it is now. */
export interface SourceModule extends FormatChoice {
  readonly path: string;
  readonly digest: string;
  readonly file: typescript.SourceFile;
  /** What its imports lead to. */
  readonly found: FoundImports;
}

/** What the imports of a file lead to. */
export interface FoundImports {
  /** Those that lead to files. */
  readonly edges: readonly GraphEdge[];
  /** Declaration files of the project that the file is checked by. */
  readonly declarations: readonly string[];
  /** Files that would be found instead if they were there. */
  readonly absent: readonly string[];
}

/** Reads files and follows their imports. */
export class ModuleGraph {
  readonly #ts: typeof typescript;
  readonly #digests: FileDigests;
  readonly #projectOf: (path: string) => Project;
  readonly #modules = new Map<string, SourceModule>();

  /**
   * @param ts TypeScript.
   * @param digests The digests of files.
   * @param projectOf The project of a file.
   */
  constructor(
    ts: typeof typescript,
    digests: FileDigests,
    projectOf: (path: string) => Project,
  ) {
    this.#ts = ts;
    this.#digests = digests;
    this.#projectOf = projectOf;
  }

  /** Forgets all files. */
  clear(): void {
    this.#modules.clear();
  }

  /** A file that is no package's, with its imports. */
  module(path: string): SourceModule {
    const digest = this.#digests.get(path) ?? "";
    const known = this.#modules.get(path);
    if (known?.digest === digest) return known;
    const module = this.#read(path, digest);
    this.#modules.set(path, module);
    return module;
  }

  /** What a file is to whoever imports it. */
  target(path: string): ModuleTarget {
    if (!isCode(path)) return { path, format: "commonjs", isCompiled: false };
    const { format } = this.#format(path, () =>
      fileSyntax(this.#ts, this.#parse(path)),
    );
    return { path, format, isCompiled: this.#isCompiled(path, format) };
  }

  /** The files that a file reaches by its imports and those of what it imports, itself not among them. */
  reached(path: string): readonly string[] {
    const found = new Set([path]);
    for (const each of found) {
      if (!isCode(each) || isInstalled(each)) continue;
      const { edges, declarations } = this.module(each).found;
      for (const declaration of declarations) found.add(declaration);
      for (const { target } of edges) {
        if (!isInstalled(target)) found.add(target);
      }
    }
    found.delete(path);
    return [...found].sort();
  }

  /** TypeScript; or JavaScript of a project that leads to TypeScript, or that Node would take for what it is not. */
  #isCompiled(path: string, format: ModuleFormat): boolean {
    if (isCompiled(path)) return true;
    if (format !== "module" || isInstalled(path)) return false;
    const isUnnamed = extname(path) === ".js" && !packageScope(path).type;
    return isUnnamed || this.reached(path).some(isCompiled);
  }

  #read(path: string, digest: string): SourceModule {
    const file = this.#parse(path);
    const imports = fileImports(this.#ts, file);
    const choice = this.#format(path, () => fileSyntax(this.#ts, file));
    let found: FoundImports | undefined;
    const find = () => this.#find(path, imports, choice);
    return {
      ...{ path, digest, file, ...choice },
      // Whoever only wants to know what a file is need not wait for it.
      get found() {
        return (found ??= find());
      },
    };
  }

  #find(
    path: string,
    imports: readonly FileImport[],
    choice: FormatChoice,
  ): FoundImports {
    const { resolver } = this.#projectOf(path);
    const absent = new Set<string>();
    const declarations = new Set<string>();
    const edges = imports.flatMap(({ name, kind }): GraphEdge[] => {
      const mode = modeOf(kind, choice);
      const declared = resolver.types(name, path, mode).resolvedModule;
      const types = declared?.resolvedFileName;
      if (types && isDeclaration(types) && !isInstalled(types)) {
        declarations.add(types);
      }
      const code = resolver.code(name, path, mode);
      const missed = code?.absent ?? resolver.missing(name, path, mode);
      for (const each of missed) absent.add(each);
      return code ? [{ name, kind, target: code.path }] : [];
    });
    return { edges, declarations: [...declarations], absent: [...absent] };
  }

  #format(path: string, syntax: () => ReturnType<typeof fileSyntax>) {
    const { options } = this.#projectOf(path);
    return moduleFormat(this.#ts, path, options, syntax);
  }

  #parse(path: string): typescript.SourceFile {
    return this.#ts.createSourceFile(
      path,
      readFileSync(path, "utf8"),
      this.#ts.ScriptTarget.ESNext,
      true,
    );
  }
}

/** How a file asks for what it imports. */
export function modeOf(
  kind: FileImport["kind"],
  { format }: Pick<FormatChoice, "format">,
): ImportMode {
  if (kind === "dynamic") return "import";
  return kind === "static" && format === "module" ? "import" : "require";
}

/** Whether a file has imports of its own. */
function isCode(path: string): boolean {
  return /\.(?:[cm]?[jt]s|[jt]sx)$/.test(path) && !isDeclaration(path);
}
