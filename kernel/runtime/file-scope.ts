/**
 * What a compiled file is given of its own place: it runs from elsewhere.
 */
import Module, { createRequire } from "node:module";
import { dirname } from "node:path";
import { pathToFileURL } from "node:url";
import { FILE_SCOPES } from "../compiler/project/import-rewriter";

/** What a file finds around itself. */
export interface FileScope {
  readonly meta: FileMeta;
  readonly import: (name: string) => Promise<unknown>;
  readonly require: NodeJS.Require;
  /** By which a file asks whether it is the program: `require.main === module`. */
  readonly module: NodeJS.Module;
  readonly __filename: string;
  readonly __dirname: string;
}

/** What `import.meta` is. */
export type FileMeta = Pick<
  ImportMeta,
  "url" | "dirname" | "filename" | "resolve"
> & {
  /** Whether the file is the program, which in a notebook none is. */
  readonly main: false;
};

/** How a file's names are followed. */
export interface ScopeLinks {
  /** What `import()` gives. */
  importFrom(path: string, name: string): Promise<unknown>;
  /** What `import.meta.resolve` gives. */
  resolveFrom(path: string, name: string): string;
}

/** What `import.meta` is in a file. */
export function fileMeta(path: string, links: ScopeLinks): FileMeta {
  return {
    dirname: dirname(path),
    filename: path,
    main: false,
    url: pathToFileURL(path).href,
    resolve: (name) => links.resolveFrom(path, String(name)),
  };
}

/** Gives each compiled file its scope. */
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
