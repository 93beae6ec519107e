/**
 * Tracks the files of projects and their imports.
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

/** An import that resolves to a file. */
interface GraphEdge extends FileImport {
  readonly target: string;
}

/** The current state of a file. */
export interface SourceModule extends FormatChoice {
  readonly path: string;
  readonly digest: string;
  readonly file: typescript.SourceFile;
  /** The resolved imports. */
  readonly found: FoundImports;
}

/** The resolved imports of a file. */
interface FoundImports {
  /** The imports that resolve to files. */
  readonly edges: readonly GraphEdge[];
  /** Declaration files of the project that are used to check the file. */
  readonly declarations: readonly string[];
  /** Paths at which a new file would change a resolution. */
  readonly absent: readonly string[];
}

/** Reads files and resolves their imports. */
export class ModuleGraph {
  readonly #ts: typeof typescript;
  readonly #digests: FileDigests;
  readonly #projectOf: (path: string) => Project;
  readonly #modules = new Map<string, SourceModule>();

  /**
   * @param ts TypeScript.
   * @param digests The digests of files.
   * @param projectOf Returns the project of a file.
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

  /** Removes all files. */
  clear(): void {
    this.#modules.clear();
  }

  /** Returns a file that does not belong to a package, with its imports. */
  module(path: string): SourceModule {
    const digest = this.#digests.get(path) ?? "";
    const known = this.#modules.get(path);
    if (known?.digest === digest) return known;
    const module = this.#read(path, digest);
    this.#modules.set(path, module);
    return module;
  }

  /** Returns a file as the target of an import. */
  target(path: string): ModuleTarget {
    if (!isCode(path)) return { path, format: "commonjs", isCompiled: false };
    const { format } = this.#format(path, () =>
      fileSyntax(this.#ts, this.#parse(path)),
    );
    return { path, format, isCompiled: this.#isCompiled(path, format) };
  }

  /** Returns the files that a file imports directly or indirectly, without the file itself. */
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

  /**
   * Whether a file has to be compiled: TypeScript, and JavaScript of a project that imports
   * TypeScript or whose format Node would not recognize.
   */
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
      path,
      digest,
      file,
      ...choice,
      // Resolve lazily: not every caller needs the imports.
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

/** Returns whether an import uses the conditions of `import` or of `require`. */
export function modeOf(
  kind: FileImport["kind"],
  { format }: Pick<FormatChoice, "format">,
): ImportMode {
  if (kind === "dynamic") return "import";
  return kind === "static" && format === "module" ? "import" : "require";
}

/** Whether a file can contain imports. */
function isCode(path: string): boolean {
  return /\.(?:[cm]?[jt]s|[jt]sx)$/.test(path) && !isDeclaration(path);
}
