/**
 * Finds the root of the workspace (npm, Yarn or pnpm) that a package belongs to.
 */
import { existsSync, readFileSync } from "node:fs";
import { dirname, join, relative, sep } from "node:path";

/** Returns the workspace root of a package's folder; undefined if it belongs to no workspace. */
export function workspaceRoot(packageFolder: string): string | undefined {
  let folder = packageFolder;
  while (dirname(folder) !== folder) {
    folder = dirname(folder);
    const patterns = workspacePatterns(folder);
    if (patterns === undefined) continue;
    const path = relative(folder, packageFolder).split(sep).join("/");
    const isAmong = (each: readonly string[]) =>
      each.some((pattern) => expressionOf(pattern).test(path));
    const excluded = patterns.filter((each) => each.startsWith("!"));
    return isAmong(patterns) && !isAmong(excluded.map((each) => each.slice(1)))
      ? folder
      : undefined;
  }
  return undefined;
}

/** Returns the package patterns of a workspace root; undefined for any other folder. */
function workspacePatterns(folder: string): readonly string[] | undefined {
  const listed = textOf(join(folder, "pnpm-workspace.yaml"));
  if (listed !== undefined) {
    const [, items = ""] =
      /^packages:[^\S\n]*\n((?:\s*(?:-.*|#.*)?\n?)*)/m.exec(listed) ?? [];
    return [...items.matchAll(/^\s*-\s*["']?([^"'#\n]+?)["']?\s*$/gm)].map(
      ([, pattern = ""]) => pattern,
    );
  }
  const text = textOf(join(folder, "package.json"));
  if (text === undefined) return undefined;
  try {
    const { workspaces } = JSON.parse(text) as { workspaces?: unknown };
    const given = Array.isArray(workspaces)
      ? (workspaces as unknown[])
      : (workspaces as { packages?: unknown } | undefined)?.packages;
    return Array.isArray(given)
      ? given.filter((each) => typeof each === "string")
      : undefined;
  } catch {
    // Invalid JSON is reported where the file is read for its actual purpose.
    return undefined;
  }
}

function textOf(path: string): string | undefined {
  return existsSync(path) ? readFileSync(path, "utf8") : undefined;
}

/** Converts a path pattern to an expression: `*` matches one name, `**` any number of names. */
function expressionOf(pattern: string): RegExp {
  const path = pattern.replace(/^\.\//, "").replace(/\/$/, "");
  const text = path.replace(/\*\*\/?|[*?.+^${}()|[\]\\]/g, (part) => {
    if (part.startsWith("**")) return "(?:.*)";
    if (part === "*") return "[^/]*";
    return part === "?" ? "[^/]" : `\\${part}`;
  });
  return new RegExp(`^${text}$`);
}
