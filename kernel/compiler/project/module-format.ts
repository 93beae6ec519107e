/**
 * Whether a file runs as an ES module or as a CommonJS module.
 */
import { extname } from "node:path";
import type * as typescript from "typescript";
import { packageScope } from "./package-scope";
import { isCompiled } from "./source-files";

/** Node's names of the two. */
export type ModuleFormat = "module" | "commonjs";

/** What decides where neither the file's name nor its project does. */
export interface FileSyntax {
  /** Whether it imports or exports as ES modules do. */
  readonly isModule: boolean;
  /** Whether it has `export =`, or assigns to `exports` without being an ES module. */
  readonly isCommonJs: boolean;
  /** Whether it awaits outside of its functions. */
  readonly awaits: boolean;
}

/** A format, and whether the project has chosen it. */
export interface FormatChoice {
  readonly format: ModuleFormat;
  /** If not, the file may use what either kind has: `import.meta`, `require`, `__dirname`. */
  readonly isChosen: boolean;
}

/**
 * The format of a file: by its name, by the `module` of its project, by the `type` of its package; an ES module where none of these
 * says anything.
 *
 * @param ts TypeScript.
 * @param path The file.
 * @param options The project's own options.
 * @param syntax What the file is made of.
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
    // Node decides: newer versions by the syntax, too.
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
