/**
 * The compiler's room, its counter: what TypeScript's completion may ask of the file system.
 */
import * as ts from "typescript";
import type { CellProgram } from "./cell-program";

const PACKAGE_FILE = "/package.json";

/**
 * The host for a completion.
 *
 * Two things that TypeScript does for projects are of no use in a notebook, and are avoided by letting it not see a package.json: if there is one it
 * proposes what that depends on, and not all that is installed; and in a package without `exports` it proposes no files.
 *
 * @param inString What stands in the string around the cursor, if it stands in one.
 */
export function completionHost(
  { files, services }: CellProgram,
  inString: string | undefined,
): object {
  const { sys } = ts;
  const showsPackage = (path: string): boolean => {
    if (inString === undefined || inString.startsWith("#")) return true;
    return inString.includes("/") && hasExports(files.readFile(path));
  };
  return {
    getCompilationSettings: () => services.getCompilerOptions(),
    getCurrentDirectory: () => files.getCurrentDirectory(),
    fileExists: (path: string) =>
      files.fileExists(path) &&
      (!path.endsWith(PACKAGE_FILE) || showsPackage(path)),
    readFile: (path: string) => files.readFile(path),
    directoryExists: (path: string) => sys.directoryExists(path),
    getDirectories: (path: string) => sys.getDirectories(path),
    readDirectory: sys.readDirectory.bind(sys),
    realpath: (path: string) => sys.realpath?.(path) ?? path,
    useCaseSensitiveFileNames: () => sys.useCaseSensitiveFileNames,
  };
}

function hasExports(packageJson: string | undefined): boolean {
  try {
    const { exports } = JSON.parse(packageJson ?? "{}") as {
      exports?: unknown;
    };
    return typeof exports === "object" && exports !== null;
  } catch {
    // What is no JSON exports nothing.
    return false;
  }
}
