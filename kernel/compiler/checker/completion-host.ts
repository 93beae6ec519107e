/**
 * What TypeScript's completion may ask of the file system.
 */
import ts from "typescript";
import type { CellProgram } from "./cell-program";

const PACKAGE_FILE = "/package.json";

/** What is read of a package.json. */
interface PackageFile {
  readonly exports?: unknown;
  readonly imports?: unknown;
}

/**
 * The host for a completion.
 *
 * What TypeScript does for projects with a package.json is too little for a notebook: it proposes what that depends on, and not all that is
 * installed; and in a package without `exports` it proposes no files. So it is not shown dependencies, and no package.json without `exports`.
 *
 * @param inString What stands in the string around the cursor, if it stands in one.
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
    // What is no JSON exports nothing.
    return {};
  }
}
