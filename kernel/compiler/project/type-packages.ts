/**
 * The packages whose global declarations count in a project, by its tsconfig.json.
 */
import { existsSync, readFileSync, readdirSync } from "node:fs";
import { dirname, join } from "node:path";
import type * as typescript from "typescript";

/** From this major version of TypeScript on, only packages that `types` names count. */
const FIRST_WITHOUT_AUTOMATIC_TYPES = 6;

/** Packages by their names. */
interface TypePackages {
  readonly found: readonly string[];
  /** Those that are named and not there. */
  readonly missing: readonly string[];
}

/** The package whose types the kernel has itself. */
const OWN = "node";

/**
 * The packages that `types` names. All packages of the type roots for the entry "*" and, where `types` is not there, if there is a list of
 * type roots or the project's own TypeScript is one that takes all.
 */
export function typePackages(
  ts: typeof typescript,
  options: typescript.CompilerOptions,
  folder: string,
): TypePackages {
  const named = (options.types ?? []).filter((name) => name !== "*");
  const takesAll =
    options.types === undefined
      ? options.typeRoots !== undefined || hasAutomaticTypes(folder)
      : named.length < options.types.length;
  const missing = named.filter(
    (name) => name !== OWN && !isThere(ts, name, options, folder),
  );
  const found = named
    .filter((name) => !missing.includes(name))
    // Looked up from the configuration's folder, wherever the notebook lies.
    .map((name) => (name.startsWith(".") ? join(folder, name) : name));
  if (!takesAll) return { found, missing };
  const roots =
    ts.getEffectiveTypeRoots(options, { getCurrentDirectory: () => folder }) ??
    [];
  return {
    found: [...new Set([...found, ...roots.flatMap(packagesOf)])],
    missing,
  };
}

function isThere(
  ts: typeof typescript,
  name: string,
  options: typescript.CompilerOptions,
  folder: string,
): boolean {
  const { resolvedTypeReferenceDirective: found } =
    ts.resolveTypeReferenceDirective(
      name,
      // As from a file that TypeScript makes up for it.
      join(folder, "__inferred type names__.ts"),
      options,
      ts.sys,
    );
  return found?.resolvedFileName !== undefined;
}

function packagesOf(root: string): string[] {
  try {
    return readdirSync(root, { withFileTypes: true })
      .filter((entry) => entry.isDirectory() || entry.isSymbolicLink())
      .map(({ name }) => name)
      .filter((name) => !name.startsWith(".") && hasTypes(join(root, name)))
      .sort();
  } catch {
    return [];
  }
}

/** A package that stands for another, which has types of its own, says so by `"typings": null`. */
function hasTypes(folder: string): boolean {
  return readPackage(folder)?.["typings"] !== null;
}

/** Whether the TypeScript that a project has installed is older than those that take only what `types` names. */
function hasAutomaticTypes(folder: string): boolean {
  for (let each = folder; ; each = dirname(each)) {
    const path = join(each, "node_modules", "typescript");
    const version = readPackage(path)?.["version"];
    if (typeof version === "string") {
      return parseInt(version, 10) < FIRST_WITHOUT_AUTOMATIC_TYPES;
    }
    if (dirname(each) === each) return false;
  }
}

function readPackage(folder: string): Record<string, unknown> | undefined {
  const path = join(folder, "package.json");
  if (!existsSync(path)) return undefined;
  try {
    return JSON.parse(readFileSync(path, "utf8")) as Record<string, unknown>;
  } catch {
    return undefined;
  }
}
