/**
 * The runtime's signposts: names of modules that a project's configuration (`paths` in tsconfig.json) leads to its own files.
 *
 * TypeScript finds such files when it checks; Node knows nothing of them and is told here, importing file by importing file.
 */
import Module from "node:module";

/** What `Module._resolveFilename` takes and gives. */
type Resolve = (
  request: string,
  parent: { readonly filename?: string } | undefined,
  ...others: unknown[]
) => string;

/** Names and the files they lead to, for each file that uses them. */
export class PathMapping {
  readonly #files = new Map<string, Map<string, string>>();

  /** Lets `require` follow the names. */
  install(): void {
    const module = Module as unknown as { _resolveFilename: Resolve };
    const resolve = module._resolveFilename;
    module._resolveFilename = (request, parent, ...others) => {
      const target = this.#files.get(parent?.filename ?? "")?.get(request);
      return resolve.call(module, target ?? request, parent, ...others);
    };
  }

  /** Adds names that a file uses. */
  add(file: string, mapped: Readonly<Record<string, string>>): void {
    const names = this.#files.get(file) ?? new Map<string, string>();
    for (const [name, target] of Object.entries(mapped)) {
      names.set(name, target);
    }
    this.#files.set(file, names);
  }
}
