/**
 * The package.json that says of what kind the JavaScript files around it are.
 */
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";

/** The nearest package.json upwards. */
export interface PackageScope {
  /** Its path; undefined where there is none. */
  readonly path?: string;
  /** Its `type`; undefined where it says nothing. */
  readonly type?: "module" | "commonjs";
}

const scopes = new Map<string, PackageScope>();

/** The scope of a file (https://nodejs.org/api/packages.html#determining-module-system). */
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
    // One that is no JSON says nothing, as none would; Node reports it where it matters.
    return error instanceof SyntaxError ? { path } : undefined;
  }
}

/** Has each of them read again. */
export function forgetScopes(): void {
  scopes.clear();
}
