/**
 * Finds the files that match the patterns of a tsconfig.json (`include`, `exclude`).
 *
 * TypeScript requests these files from its host. This implementation adds a file that does not
 * exist, namely the cell, and records the searched folders, so that an added file can be detected.
 */
import { readdirSync, realpathSync, statSync, type Dirent } from "node:fs";
import { basename, dirname, join } from "node:path";

/** Folders that a wildcard never matches. */
const PACKAGE_FOLDERS = "node_modules|bower_components|jspm_packages";

/** Finds files by patterns. */
export class FilePatterns {
  /** The folders that have been searched. */
  readonly folders = new Set<string>();
  readonly #extraFile: string;
  readonly #flags: string;

  /**
   * @param extraFile A file that is assumed to exist.
   * @param isCaseSensitive Whether file names are case-sensitive.
   */
  constructor(extraFile: string, isCaseSensitive: boolean) {
    this.#extraFile = extraFile;
    this.#flags = isCaseSensitive ? "" : "i";
  }

  /** Returns the matching files, like `readDirectory` of TypeScript's hosts. */
  find(
    root: string,
    extensions: readonly string[],
    excludes: readonly string[] = [],
    includes: readonly string[] = ["**/*"],
  ): string[] {
    const included = includes.map((spec) => pathOf(root, spec));
    const excluded = excludes.map((spec) =>
      this.#expression(pathOf(root, spec), false),
    );
    const isExcluded = (path: string) =>
      excluded.some((each) => each.test(path));
    const found = new Set<string>();
    for (const spec of included) {
      const expression = this.#expression(spec, true);
      const take = (path: string) => {
        if (
          extensions.some((ending) => path.endsWith(ending)) &&
          expression.test(path) &&
          !isExcluded(path)
        ) {
          found.add(path);
        }
      };
      this.#walk(literalPart(spec), depthOf(spec), isExcluded, take);
      take(this.#extraFile);
    }
    return [...found];
  }

  #expression(spec: string, isIncluded: boolean): RegExp {
    const parts = spec.split("/").map((part) => {
      if (part === "**") {
        return isIncluded
          ? `(/(?!(?:${PACKAGE_FOLDERS})(?:/|$))[^/.][^/]*)*?`
          : "(/.+?)?";
      }
      return `/${isIncluded ? includedPart(part) : plainPart(part, "[^/]*")}`;
    });
    const text = parts.join("").replace(/^\/+/, "/?");
    return new RegExp(`^${text}${isIncluded ? "$" : "($|/)"}`, this.#flags);
  }

  #walk(
    base: string,
    depth: number,
    isExcluded: (path: string) => boolean,
    take: (path: string) => void,
  ): void {
    const real = new Set<string>();
    const visit = (folder: string, left: number): void => {
      for (const entry of this.#entries(folder)) {
        const path = `${folder === "/" ? "" : folder}/${entry.name}`;
        const kind = kindOf(entry, path);
        if (kind === "file") take(path);
        if (kind === undefined || kind === "file" || left <= 1) continue;
        if (isHidden(entry.name) || isExcluded(path)) continue;
        if (kind === "link") {
          const target = realpathSync(path);
          if (real.has(target) || path.startsWith(`${target}/`)) continue;
          real.add(target);
        }
        visit(path, left - 1);
      }
    };
    visit(base, depth);
  }

  #entries(folder: string): Dirent[] {
    try {
      const entries = readdirSync(folder, { withFileTypes: true });
      this.folders.add(folder);
      return entries.sort((one, other) => (one.name < other.name ? -1 : 1));
    } catch {
      // A missing or unreadable folder has no files.
      return [];
    }
  }
}

/**
 * Returns a pattern as a path with slashes. A name without a wildcard or an extension is a folder
 * and matches all files in it.
 */
function pathOf(root: string, spec: string): string {
  const isAbsolute = /^(?:\/|[a-z]:[\\/])/i.test(spec);
  const path = (isAbsolute ? spec : join(root, spec)).replaceAll("\\", "/");
  const whole = path.length > 1 ? path.replace(/\/$/, "") : path;
  return /[.*?]/.test(basename(whole)) ? whole : `${whole}/**/*`;
}

/** Returns the folder before the first wildcard. */
function literalPart(spec: string): string {
  const wildcard = spec.search(/[*?]/);
  return wildcard === -1
    ? dirname(spec)
    : spec.slice(0, spec.lastIndexOf("/", wildcard)) || "/";
}

/** Returns the number of folder levels that a pattern covers, counted from its literal part. */
function depthOf(spec: string): number {
  const rest = spec.slice(literalPart(spec).length).replace(/^\//, "");
  const parts = rest.split("/");
  return parts.includes("**") ? Infinity : parts.length;
}

function isHidden(name: string): boolean {
  return (
    name.startsWith(".") || new RegExp(`^(?:${PACKAGE_FOLDERS})$`).test(name)
  );
}

function kindOf(
  entry: Dirent,
  path: string,
): "file" | "folder" | "link" | undefined {
  if (entry.isFile()) return "file";
  if (entry.isDirectory()) return "folder";
  if (!entry.isSymbolicLink()) return undefined;
  const target = statSync(path, { throwIfNoEntry: false });
  if (target?.isFile()) return "file";
  return target?.isDirectory() ? "link" : undefined;
}

/**
 * Returns the expression for a segment of an `include` pattern; a wildcard at its start does not
 * match hidden files.
 */
function includedPart(part: string): string {
  const any = "([^./]|(\\.(?!min\\.js$))?)*";
  if (!/[*?]/.test(part)) return plainPart(part, any);
  const first = part.startsWith("*")
    ? `([^./]${any})?`
    : part.startsWith("?")
      ? "[^./]"
      : "";
  const rest = first === "" ? part : part.slice(1);
  const guard = `(?!(?:${PACKAGE_FOLDERS})(?:/|$))`;
  return `${guard}${first}${plainPart(rest, any)}`;
}

function plainPart(part: string, any: string): string {
  return part.replace(/[\\^$.*+?()[\]{}|]/g, (character) => {
    if (character === "*") return any;
    return character === "?" ? "[^/]" : `\\${character}`;
  });
}
