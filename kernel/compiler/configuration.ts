/**
 * The compiler's room: a project's tsconfig.json, read the same way for cells and for the files that they import.
 */
import { dirname } from "node:path";
import type * as typescript from "typescript";

/**
 * Reads a configuration and those that it extends.
 *
 * @param ts TypeScript, which the runtime loads only if it has to.
 * @param path The configuration's file.
 */
export function readConfiguration(
  ts: typeof typescript,
  path: string,
): {
  readonly options: typescript.CompilerOptions;
  readonly errors: readonly typescript.Diagnostic[];
} {
  const { config, error } = ts.readConfigFile(path, (name) =>
    ts.sys.readFile(name),
  ) as { config?: object; error?: typescript.Diagnostic };
  const { options, errors } = ts.parseJsonConfigFileContent(
    config ?? {},
    // Which files belong to the project is no matter here.
    { ...ts.sys, readDirectory: () => [] },
    dirname(path),
    undefined,
    path,
  );
  return { options, errors: [...(error ? [error] : []), ...errors] };
}

/** Whether the options may lead a name of a module to a file of the project: not a path, and none of Node's own. */
export function mayBeMapped(
  name: string,
  { paths, baseUrl }: typescript.CompilerOptions,
): boolean {
  return Boolean(paths ?? baseUrl) && !/^[./]|^node:/.test(name);
}

/** The file of the project that a name was led to; undefined for a package, and for declarations without code. */
export function mappedFile(
  found: typescript.ResolvedModuleFull | undefined,
): string | undefined {
  return found === undefined ||
    found.isExternalLibraryImport ||
    found.resolvedFileName.endsWith(".d.ts")
    ? undefined
    : found.resolvedFileName;
}
