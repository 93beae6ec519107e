/**
 * Stack traces of cells and files as they were written: from the JavaScript that runs back to TypeScript, without the frames of the
 * kernel and of TypeScript's helpers.
 *
 * A stack is translated when it is made, so that a cell's own code finds it translated in `error.stack` too, and so do
 * `console.log(error)`, `console.trace()` and what prints errors inside other values.
 */
import { createRequire } from "node:module";
import { install, wrapCallSite } from "@cspotcode/source-map-support";
import { isKernelFile, readable, withoutKernel } from "./stack-frames";
import { withoutWrapperNames } from "../wrapper-names";
import type { WrittenPlaces } from "./written-places";

type PrepareStackTrace = NonNullable<typeof Error.prepareStackTrace>;

const load = createRequire(__filename);

/** The cells that have run, by their name in stack traces, and the files that were compiled. */
export class SourceMaps {
  /** Maps as JSON, by the names and paths of what runs. */
  readonly #texts = new Map<string, string>();
  /** Those that a stack has led to. */
  readonly #places = new Map<string, WrittenPlaces>();
  readonly #sources = new Map<string, string>();

  /** Hooks into Node's stack traces. */
  install(): void {
    // It reads the maps that other files name at their ends, and knows where a text came from that was evaluated.
    install({
      environment: "node",
      handleUncaughtExceptions: false,
      retrieveSourceMap: (name) => {
        const map = this.#texts.get(name);
        return map === undefined ? null : { url: name, map };
      },
    });
    const prepare = Error.prepareStackTrace as PrepareStackTrace;
    Error.prepareStackTrace = (error, frames) => {
      const heading = withoutWrapperNames(String(prepare(error, [])));
      const lines = withoutKernel(frames).flatMap((frame) => this.#line(frame));
      return [heading, ...lines].join("\n    at ");
    };
  }

  /** Keeps a cell's source and its map. */
  add(name: string, source: string, map: string): void {
    const text = JSON.stringify({ ...JSON.parse(map), sources: [name] });
    this.#texts.set(name, text);
    this.#sources.set(name, source);
  }

  /** Keeps the map of a file. */
  addFile(path: string, map: string): void {
    this.#texts.set(path, map);
    this.#places.delete(path);
  }

  /** The source of a cell, if it has run. */
  source(name: string): string | undefined {
    return this.#sources.get(name);
  }

  /** A frame as a line of a stack; none for one of a helper that TypeScript has put before the code. */
  #line(frame: NodeJS.CallSite): readonly string[] {
    const file = frame.getFileName() ?? frame.getScriptNameOrSourceURL();
    const places = file ? this.#placesOf(file) : undefined;
    if (!file || places === undefined) {
      return [isKernelFile(file) ? String(frame) : String(wrapCallSite(frame))];
    }
    const line = frame.getLineNumber() ?? 1;
    const column = frame.getColumnNumber() ?? 1;
    const place = places.find(line, column);
    if (place === undefined) return [];
    const text = String(frame).replace(
      `:${line}:${column}`,
      () => `:${place.line}:${place.column}`,
    );
    return [this.#sources.has(file) ? readable(text) : text];
  }

  #placesOf(file: string): WrittenPlaces | undefined {
    const { WrittenPlaces, pathOf } = load(
      "./written-places",
    ) as typeof import("./written-places");
    const key = this.#texts.has(file) ? file : pathOf(file);
    const text = this.#texts.get(key);
    if (text === undefined) return undefined;
    const places = this.#places.get(key) ?? new WrittenPlaces(text);
    this.#places.set(key, places);
    return places;
  }
}
