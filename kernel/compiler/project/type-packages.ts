/**
 * Determines the packages whose global declarations a project includes.
 */
import { existsSync, readFileSync, readdirSync } from "node:fs";
import { dirname, join } from "node:path";
import type * as typescript from "typescript";

/** From this major version of TypeScript on, only packages listed in `types` are included. */
const FIRST_WITHOUT_AUTOMATIC_TYPES = 6;

/** Type packages by name. */
interface TypePackages {
  readonly found: readonly string[];
  /** The listed packages that cannot be found. */
  readonly missing: readonly string[];
}

/** The package whose types the kernel provides. */
const OWN = "node";

/**
 * Returns the packages listed in `types`.
 *
 * All packages of the type roots are included for the entry "*". If `types` is missing, they are
 * included if there are `typeRoots`, or if the project's own TypeScript includes them
 * automatically.
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
    // Resolved from the configuration's folder, wherever the notebook is.
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
      // The file name that TypeScript uses for this lookup.
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

/**
 * Whether a package contains types. A stub for a package with its own types has `"typings": null`.
 */
function hasTypes(folder: string): boolean {
  return readPackage(folder)?.["typings"] !== null;
}

/** Whether the TypeScript installed in a project includes all type packages automatically. */
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
