/**
 * Provides TypeScript's completion with access to the file system.
 */
import ts from "typescript";
import type { CellProgram } from "./cell-program";

const PACKAGE_FILE = "/package.json";

/** The fields of a package.json used here. */
interface PackageFile {
  readonly exports?: unknown;
  readonly imports?: unknown;
}

/**
 * Returns the host for a completion.
 *
 * TypeScript's rules for projects with a package.json are too strict for a notebook: it only
 * proposes the dependencies listed there, not all installed packages, and no files of a package
 * without `exports`. The host therefore hides dependencies, and every package.json without
 * `exports`.
 *
 * @param inString The content of the string around the cursor, if there is one.
 */
export function completionHost(
  { files, services }: CellProgram,
  inString = "",
): object {
  const { sys } = ts;
  const needsImports = inString.startsWith("#");
  const readPackage = (path: string): PackageFile => {
    const { exports, imports } = parsed(files.readFile(path));
    return { exports, imports };
  };
  return {
    getCompilationSettings: () => services.getCompilerOptions(),
    getCurrentDirectory: () => files.getCurrentDirectory(),
    fileExists: (path: string) =>
      files.fileExists(path) &&
      (!path.endsWith(PACKAGE_FILE) ||
        needsImports ||
        readPackage(path).exports !== undefined),
    readFile: (path: string) =>
      path.endsWith(PACKAGE_FILE)
        ? JSON.stringify(readPackage(path))
        : files.readFile(path),
    directoryExists: (path: string) => sys.directoryExists(path),
    getDirectories: (path: string) => sys.getDirectories(path),
    readDirectory: sys.readDirectory.bind(sys),
    realpath: (path: string) => sys.realpath?.(path) ?? path,
    useCaseSensitiveFileNames: () => sys.useCaseSensitiveFileNames,
  };
}

function parsed(packageJson: string | undefined): PackageFile {
  try {
    return (JSON.parse(packageJson ?? "{}") ?? {}) as PackageFile;
  } catch {
    // Invalid JSON counts as a package without exports.
    return {};
  }
}
