/**
 * Maps stack traces from JavaScript back to the TypeScript of cells and files, and removes frames
 * of the kernel and of TypeScript's helpers.
 *
 * Stacks are mapped when they are created, so that `error.stack` in a cell's code is mapped too, as
 * are `console.log(error)`, `console.trace()` and errors printed inside other values.
 */
import { createRequire } from "node:module";
import { install, wrapCallSite } from "@cspotcode/source-map-support";
import type { KnownScript } from "../debugger/channel";
import { isKernelFile, readable, withoutKernel } from "./stack-frames";
import { withoutWrapperNames } from "../wrapper-names";
import type { OriginalPositions } from "./original-positions";

const load = createRequire(__filename);

/** The sources and maps of cells, by their name in stack traces, and the maps of compiled files. */
export class SourceMaps {
  /** Source maps as JSON, by cell name or file path. */
  readonly #texts = new Map<string, string>();
  /** Decoded source maps that were needed for a stack. */
  readonly #positions = new Map<string, OriginalPositions>();
  readonly #sources = new Map<string, string>();

  /** Hooks into Node's stack traces. */
  install(): void {
    // The package also reads source map comments of other files, and maps evaluated code.
    install({
      environment: "node",
      handleUncaughtExceptions: false,
      retrieveSourceMap: (name) => {
        const map = this.#texts.get(name);
        return map === undefined ? null : { url: name, map };
      },
    });
    const prepare = Error.prepareStackTrace;
    Error.prepareStackTrace = (error, frames) => {
      const heading = withoutWrapperNames(String(prepare(error, [])));
      const lines = withoutKernel(frames).flatMap((frame) => this.#line(frame));
      return [heading, ...lines].join("\n    at ");
    };
  }

  /** Adds a cell's source and source map. */
  add(name: string, source: string, map: string): void {
    const text = JSON.stringify({ ...JSON.parse(map), sources: [name] });
    this.#texts.set(name, text);
    this.#sources.set(name, source);
  }

  /** Adds the source map of a file. */
  addFile(path: string, map: string): void {
    this.#texts.set(path, map);
    this.#positions.delete(path);
  }

  /** Returns the maps of all cells and files, and the sources of the cells. */
  scripts(): readonly KnownScript[] {
    return Array.from(this.#texts, ([name, map]) => ({
      name,
      map,
      source: this.#sources.get(name),
    }));
  }

  /** Returns the source of a cell that has run, or undefined. */
  source(name: string): string | undefined {
    return this.#sources.get(name);
  }

  /**
   * Formats a frame as a line of a stack trace. Returns no line for frames in TypeScript's helpers.
   */
  #line(frame: NodeJS.CallSite): readonly string[] {
    const file = frame.getFileName() ?? frame.getScriptNameOrSourceURL();
    const positions = file ? this.#positionsOf(file) : undefined;
    if (!file || positions === undefined) {
      return [isKernelFile(file) ? String(frame) : String(wrapCallSite(frame))];
    }
    const line = frame.getLineNumber() ?? 1;
    const column = frame.getColumnNumber() ?? 1;
    const original = positions.find(line, column);
    if (original === undefined) return [];
    const text = String(frame).replace(
      `:${line}:${column}`,
      () => `:${original.line}:${original.column}`,
    );
    return [this.#sources.has(file) ? readable(text) : text];
  }

  #positionsOf(file: string): OriginalPositions | undefined {
    const { OriginalPositions, pathOf } = load(
      "./original-positions",
    ) as typeof import("./original-positions");
    const key = this.#texts.has(file) ? file : pathOf(file);
    const text = this.#texts.get(key);
    if (text === undefined) return undefined;
    const positions = this.#positions.get(key) ?? new OriginalPositions(text);
    this.#positions.set(key, positions);
    return positions;
  }
}
