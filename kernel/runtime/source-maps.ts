/**
 * From the JavaScript that runs back to the cells that were written: places in stacks, and names in messages.
 *
 * A stack that passes through a cell and through src/ is translated whole, also where a cell's own code looks at `error.stack`.
 */
import { install } from "@cspotcode/source-map-support";
import { withoutWrapperNames } from "../wrapper-names";

/** The cells that have run, by their name in stack traces. */
export class SourceMaps {
  readonly #maps = new Map<string, string>();
  readonly #sources = new Map<string, string>();

  /** Hooks into Node's stack traces. */
  install(): void {
    install({
      environment: "node",
      handleUncaughtExceptions: false,
      overrideRetrieveSourceMap: false,
      retrieveSourceMap: (name: string) => {
        const map = this.#maps.get(name);
        return map === undefined ? null : { url: name, map };
      },
    });
    const prepare = Error.prepareStackTrace;
    if (prepare === undefined) return;
    Error.prepareStackTrace = (error, sites) => {
      const stack: unknown = prepare(error, sites);
      return typeof stack === "string" ? withoutWrapperNames(stack) : stack;
    };
  }

  /** Keeps a cell's source and its map. */
  add(name: string, source: string, map: string): void {
    this.#maps.set(
      name,
      JSON.stringify({ ...JSON.parse(map), sources: [name] }),
    );
    this.#sources.set(name, source);
  }

  /** Keeps the map of a file. */
  addFile(path: string, map: string): void {
    this.#maps.set(path, map);
  }

  /** The source of a cell, if it has run. */
  source(name: string): string | undefined {
    return this.#sources.get(name);
  }
}
