/**
 * Determines whether a file runs as an ES module or as a CommonJS module.
 */
import { extname } from "node:path";
import type * as typescript from "typescript";
import { packageScope } from "./package-scope";
import { isCompiled } from "./source-files";

/** Node's names for the two formats. */
export type ModuleFormat = "module" | "commonjs";

/** The syntax features that decide if neither the file name nor the project does. */
export interface FileSyntax {
  /** Whether it contains ES module imports or exports. */
  readonly isModule: boolean;
  /** Whether it contains `export =`, or assigns to `exports` without being an ES module. */
  readonly isCommonJs: boolean;
  /** Whether it uses top-level await. */
  readonly awaits: boolean;
}

/** A module format, and whether the project has chosen it. */
export interface FormatChoice {
  readonly format: ModuleFormat;
  /**
   * If false, the file may use the features of both formats: `import.meta`, `require`, `__dirname`.
   */
  readonly isChosen: boolean;
}

/**
 * Returns the format of a file: determined by its name, by the `module` option of its project or by
 * the `type` of its package, and an ES module by default.
 *
 * @param ts TypeScript.
 * @param path The file.
 * @param options The project's own options.
 * @param syntax Returns the syntax features of the file.
 */
export function moduleFormat(
  ts: typeof typescript,
  path: string,
  options: typescript.CompilerOptions,
  syntax: () => FileSyntax,
): FormatChoice {
  const extension = extname(path);
  if (/^\.c[jt]s$/.test(extension)) return chosen("commonjs");
  if (/^\.m[jt]s$/.test(extension)) return chosen("module");
  if (extension === ".json" || extension === ".node") return chosen("commonjs");
  const { type } = packageScope(path);
  if (!isCompiled(path)) {
    // Node decides; newer versions also take the syntax into account.
    return chosen(type ?? (syntax().isModule ? "module" : "commonjs"));
  }
  const { module } = options;
  const { ModuleKind } = ts;
  if (module !== undefined) {
    if (module >= ModuleKind.Node16 && module <= ModuleKind.NodeNext) {
      return chosen(type ?? "commonjs");
    }
    if (module < ModuleKind.ES2015) return chosen("commonjs");
  }
  const { isCommonJs, awaits } = syntax();
  if (isCommonJs) return { format: "commonjs", isChosen: false };
  if (type === "commonjs" && !awaits) return chosen("commonjs");
  return { format: "module", isChosen: type === "module" };
}

function chosen(format: ModuleFormat): FormatChoice {
  return { format, isChosen: true };
}
