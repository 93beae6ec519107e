/**
 * Determines which functions the JSX elements of a cell call, from the project's options and from
 * comments such as `@jsx h`.
 */
import type MagicString from "magic-string";
import ts from "typescript";
import type { CellImport } from "../compiler";
import { internalFile } from "./internal-typescript";
import type { NameWriter } from "./name-writer";

/** The names of TypeScript's JSX comments, in lower case. */
const PRAGMAS = ["jsx", "jsxfrag", "jsximportsource", "jsxruntime"] as const;

/** Whether a cell contains JSX. */
function hasTags(cell: ts.SourceFile): boolean {
  return cell.languageVariant === ts.LanguageVariant.JSX;
}

/**
 * Returns the package from which the JSX functions are imported automatically; undefined if
 * elements call a function in scope.
 */
function importSource(
  cell: ts.SourceFile,
  options: ts.CompilerOptions,
): string | undefined {
  const runtime = pragma(cell, "jsxruntime");
  if (runtime === "classic") return undefined;
  const named = pragma(cell, "jsximportsource") ?? options.jsxImportSource;
  const isAutomatic =
    options.jsx === ts.JsxEmit.ReactJSX ||
    options.jsx === ts.JsxEmit.ReactJSXDev ||
    runtime === "automatic" ||
    named !== undefined;
  return isAutomatic ? (named ?? "react") : undefined;
}

/** Returns the value of the last comment of a kind. */
function pragma(
  cell: ts.SourceFile,
  name: (typeof PRAGMAS)[number],
): string | undefined {
  const found = internalFile(cell).pragmas.get(name);
  const last = Array.isArray(found) ? found.at(-1) : found;
  return last?.arguments.factory;
}

/** Returns the module that a cell's JSX imports, such as "preact/jsx-runtime". */
export function tagModules(
  cell: ts.SourceFile,
  options: ts.CompilerOptions,
): string[] {
  const source = hasTags(cell) ? importSource(cell, options) : undefined;
  if (source === undefined) return [];
  const isDevelopment = options.jsx === ts.JsxEmit.ReactJSXDev;
  return [`${source}/${isDevelopment ? "jsx-dev-runtime" : "jsx-runtime"}`];
}

/**
 * Returns the options with which TypeScript compiles a cell's JSX.
 *
 * The comments are removed from the text: they would take precedence over the options, and do not
 * account for the slots of names.
 */
export function tagOptions(
  cell: ts.SourceFile,
  text: MagicString,
  names: NameWriter,
  options: ts.CompilerOptions,
): ts.CompilerOptions {
  if (!hasTags(cell)) return {};
  const source = importSource(cell, options);
  if (source !== undefined) {
    removePragmas(cell, text);
    const isDevelopment = options.jsx === ts.JsxEmit.ReactJSXDev;
    return {
      jsx: isDevelopment ? ts.JsxEmit.ReactJSXDev : ts.JsxEmit.ReactJSX,
      jsxImportSource: source,
    };
  }
  const place = firstTag(cell) ?? cell;
  const written = (entity: string): string => {
    const [root = "", ...members] = entity.split(".");
    return [names.valueAt(root, place), ...members].join(".");
  };
  const react = options.reactNamespace ?? "React";
  const factory = pragma(cell, "jsx") ?? options.jsxFactory;
  const fragment = pragma(cell, "jsxfrag") ?? options.jsxFragmentFactory;
  removePragmas(cell, text);
  return {
    jsx: ts.JsxEmit.React,
    jsxFactory: written(factory ?? `${react}.createElement`),
    jsxFragmentFactory: written(fragment ?? `${react}.Fragment`),
  };
}

function removePragmas(cell: ts.SourceFile, text: MagicString): void {
  const { pragmas } = internalFile(cell);
  const ranges = PRAGMAS.flatMap((name) => pragmas.get(name) ?? []).map(
    ({ range }) => range,
  );
  for (const start of new Set(ranges.map(({ pos }) => pos))) {
    const end = ranges.find(({ pos }) => pos === start)!.end;
    // A shebang may precede them.
    text.remove(start, end);
  }
}

function firstTag(node: ts.Node): ts.Node | undefined {
  return ts.isJsxOpeningLikeElement(node) || ts.isJsxFragment(node)
    ? node
    : ts.forEachChild(node, firstTag);
}

/**
 * Removes the imports that TypeScript has generated for JSX; their names are taken from modules
 * loaded before the cell runs.
 */
export function withoutTagImports(
  javascript: string,
  options: ts.CompilerOptions,
  names: NameWriter,
): { readonly javascript: string; readonly imports: readonly CellImport[] } {
  const imports: CellImport[] = [];
  const source = options.jsxImportSource;
  if (source === undefined) return { javascript, imports };
  const isOwn = (module: string) =>
    module === source || module.startsWith(`${source}/jsx-`);
  const body = javascript.replace(
    /^import \{ (\w+ as _\w+(?:, \w+ as _\w+)*) \} from "([^"\n]+)";$/gm,
    (line, taken: string, module: string) => {
      // There is one import per module; a similar line further down is text of the cell.
      if (!isOwn(module) || imports.some((each) => each.module === module)) {
        return line;
      }
      const slot = `%tags of ${module}`;
      imports.push({ module, names: [{ slot, name: "*" }] });
      return `const { ${taken.replaceAll(" as ", ": ")} } = ${names.field(slot)};`;
    },
  );
  return { javascript: body, imports };
}
