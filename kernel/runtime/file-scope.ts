/**
 * Provides compiled files with their original paths, because they run from another folder.
 */
import Module, { createRequire } from "node:module";
import { dirname } from "node:path";
import { pathToFileURL } from "node:url";
import { FILE_SCOPES } from "../compiler/project/import-rewriter";

/** The module scope of a file. */
interface FileScope {
  readonly meta: FileMeta;
  readonly import: (name: string) => Promise<unknown>;
  readonly require: NodeJS.Require;
  /** For the check whether the file is the main program: `require.main === module`. */
  readonly module: NodeJS.Module;
  readonly __filename: string;
  readonly __dirname: string;
}

/** The value of `import.meta`. */
export type FileMeta = Pick<
  ImportMeta,
  "url" | "dirname" | "filename" | "resolve"
> & {
  /** Whether the file is the main program; always false in a notebook. */
  readonly main: false;
};

/** Resolves and imports the module names in a file. */
export interface ScopeLinks {
  /** Implements `import()`. */
  importFrom(path: string, name: string): Promise<unknown>;
  /** Implements `import.meta.resolve`. */
  resolveFrom(path: string, name: string): string;
}

/** Returns the `import.meta` of a file. */
export function fileMeta(path: string, links: ScopeLinks): FileMeta {
  return {
    dirname: dirname(path),
    filename: path,
    main: false,
    url: pathToFileURL(path).href,
    resolve: (name) => links.resolveFrom(path, String(name)),
  };
}

/** Installs the global function from which compiled files get their scope. */
export function installFileScopes(links: ScopeLinks): void {
  const scopes = new Map<string, FileScope>();
  const create = (path: string): FileScope => ({
    meta: fileMeta(path, links),
    import: async (name) => links.importFrom(path, String(name)),
    require: createRequire(path),
    module: Object.assign(new Module(path), { filename: path }),
    __filename: path,
    __dirname: dirname(path),
  });
  Object.defineProperty(globalThis, FILE_SCOPES, {
    configurable: true,
    value: (path: string): FileScope => {
      const scope = scopes.get(path) ?? create(path);
      scopes.set(path, scope);
      return scope;
    },
  });
}
