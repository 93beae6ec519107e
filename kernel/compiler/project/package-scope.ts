/**
 * Finds the package.json that determines the module format of JavaScript files.
 */
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";

/** The nearest package.json upwards. */
interface PackageScope {
  /** Its path; undefined if there is none. */
  readonly path?: string;
  /** Its `type`; undefined if it has none. */
  readonly type?: "module" | "commonjs";
}

const scopes = new Map<string, PackageScope>();

/**
 * Returns the package scope of a file
 * (https://nodejs.org/api/packages.html#determining-module-system).
 */
export function packageScope(path: string): PackageScope {
  return scopeOf(dirname(path));
}

function scopeOf(folder: string): PackageScope {
  let scope = scopes.get(folder);
  if (scope === undefined) {
    const parent = dirname(folder);
    const isLast = parent === folder || folder.endsWith("node_modules");
    scope = readScope(folder) ?? (isLast ? {} : scopeOf(parent));
    scopes.set(folder, scope);
  }
  return scope;
}

function readScope(folder: string): PackageScope | undefined {
  const path = join(folder, "package.json");
  try {
    const { type } = JSON.parse(readFileSync(path, "utf8")) as {
      type?: unknown;
    };
    return {
      path,
      ...(type === "module" || type === "commonjs" ? { type } : {}),
    };
  } catch (error) {
    // Invalid JSON counts as having no `type`; Node reports it where it matters.
    return error instanceof SyntaxError ? { path } : undefined;
  }
}

/** Clears the cache of package scopes. */
export function forgetScopes(): void {
  scopes.clear();
}
