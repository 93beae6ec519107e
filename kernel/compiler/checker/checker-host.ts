/**
 * Connects a type checker to its program: adds the cells to the program's files, and their modules
 * to its modules.
 */
import ts from "typescript";
import { isOwnFile } from "./cell-file";
import { type CellModules, modeIn } from "./cell-modules";
import type { CheckerHost, FileChecker } from "./internal-typescript";

/** What a checker sees in addition to its program. */
interface CellsOfChecker {
  /** Cells that augment modules or the global scope, including those that are added later. */
  readonly cells: readonly ts.SourceFile[];
  /** Further cells. */
  readonly more: readonly ts.SourceFile[];
  /** The modules that cells import. */
  readonly modules: CellModules;
  /** Returns the current checker. */
  checker(): FileChecker;
}

/**
 * Returns the host from which a checker of cells is created.
 *
 * @param program The program, which has been created without the cells.
 * @param options What the checker sees in addition.
 */
export function cellCheckerHost(
  program: CheckerHost,
  { cells, more, modules, checker }: CellsOfChecker,
): CheckerHost {
  const host = Object.create(program) as CheckerHost;
  const libraries = program.getSourceFiles();
  host.getSourceFiles = () => [...libraries, ...cells, ...more];
  host.getSourceFile = (path) =>
    cells.find(({ fileName }) => fileName === path) ??
    program.getSourceFile(path);
  host.getResolvedModule = (file, name, mode) =>
    isOwnFile(file)
      ? modules.found({
          name,
          mode: mode === ts.ModuleKind.CommonJS ? "require" : "import",
        })
      : program.getResolvedModule(file, name, mode);
  host.getResolvedModuleFromModuleSpecifier = (specifier, given) => {
    const file = given ?? specifier.getSourceFile();
    return isOwnFile(file)
      ? modules.found({ name: specifier.text, mode: modeIn(specifier) })
      : program.getResolvedModuleFromModuleSpecifier(specifier, file);
  };
  host.getTypeChecker = checker;
  return host;
}
