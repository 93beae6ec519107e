/**
 * Knows the scripts of the runtime: which text a user sees for each, and how its positions
 * correspond to those of the JavaScript that runs.
 */
import { existsSync, readFileSync } from "node:fs";
import { basename, dirname, resolve } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import type { TextPosition } from "../compiler/debug-syntax";
import { modulesReachedFrom } from "../runtime/failed-modules";
import { OriginalPositions } from "../runtime/original-positions";
import type { CellPaths } from "./cell-paths";
import type { AnnouncedScript, KnownScript } from "./channel";
import { GeneratedPositions, type ScriptPosition } from "./generated-positions";

/** A script as the inspector reports it. */
export interface ParsedScript {
  readonly scriptId: string;
  readonly url: string;
  readonly sourceMapURL: string;
}

/** A position as the inspector reports it. Both numbers count from 0. */
interface ReportedPosition {
  readonly lineNumber: number;
  readonly columnNumber?: number | undefined;
}

/** The text that a user sees for a script. */
export class ScriptSource {
  readonly #map: string | undefined;
  #original: OriginalPositions | undefined;
  #generated: GeneratedPositions | undefined;

  /**
   * @param url The URL by which the inspector knows the script.
   * @param path The path of the text.
   * @param name The name that is shown.
   * @param isCell Whether it is a cell.
   * @param map The source map, if the text is not the script itself.
   */
  constructor(
    readonly url: string,
    readonly path: string,
    readonly name: string,
    readonly isCell: boolean,
    map?: string,
  ) {
    this.#map = map;
  }

  /** Returns the position in the text; undefined for code that is not in it. */
  original({
    lineNumber,
    columnNumber = 0,
  }: ReportedPosition): TextPosition | undefined {
    const place = { line: lineNumber + 1, column: columnNumber + 1 };
    if (this.#map === undefined) return place;
    this.#original ??= new OriginalPositions(this.#map);
    return this.#original.find(place.line, place.column);
  }

  /** Returns the position in the script; undefined if the text has no code there. */
  generated(place: TextPosition): ScriptPosition | undefined {
    if (this.#map === undefined) {
      return { lineNumber: place.line - 1, columnNumber: place.column - 1 };
    }
    this.#generated ??= new GeneratedPositions(this.#map);
    return this.#generated.find(place);
  }
}

/** The scripts of one runtime process. */
export class Scripts {
  readonly #cellPaths: CellPaths;
  readonly #sources = new Map<string, ScriptSource>();
  readonly #parsed = new Map<string, ParsedScript>();

  constructor(cellPaths: CellPaths) {
    this.#cellPaths = cellPaths;
  }

  /** Forgets all scripts. */
  clear(): void {
    this.#sources.clear();
    this.#parsed.clear();
  }

  /** Adds scripts that have run before debugging began. Returns them. */
  addKnown(scripts: readonly KnownScript[]): readonly ScriptSource[] {
    return scripts.map(({ name, map, source }) =>
      source === undefined
        ? this.#addFile(name, pathToFileURL(name).href, map)
        : this.#addCell(name, source, map),
    );
  }

  /** Adds a script that is about to run. Returns it with the scripts that it imports. */
  addAnnounced(script: AnnouncedScript): readonly ScriptSource[] {
    switch (script.kind) {
      case "cell":
        return [this.#addCell(script.name, script.source, script.map)];
      case "file": {
        const { path, map } = script;
        return [this.#addFile(path, pathToFileURL(path).href, map)];
      }
      case "module":
        return modulesReachedFrom(script.place).flatMap((place) => {
          const found = this.#mappedFile(
            pathToFileURL(place).href,
            `${place}.map`,
          );
          return found ? [found] : [];
        });
    }
  }

  /** Adds a script that the inspector has reported. Its map is read when it is needed. */
  addParsed(script: ParsedScript): void {
    this.#parsed.set(script.scriptId, script);
  }

  /** Adds a JavaScript file that is not loaded yet. Returns it. */
  addPlain(path: string): ScriptSource {
    return this.#addFile(path, pathToFileURL(path).href);
  }

  /** Returns the source of a script; undefined for scripts of Node and of the kernel. */
  find(scriptId: string): ScriptSource | undefined {
    const script = this.#parsed.get(scriptId);
    return script && this.#sourceOf(script);
  }

  /** Returns the known scripts of a text. */
  of(path: string): readonly ScriptSource[] {
    const known = this.#knownOf(path);
    if (known.length > 0 || this.#cellPaths.source(path) !== undefined) {
      return known;
    }
    for (const script of this.#parsed.values()) {
      if (script.sourceMapURL !== "") this.#sourceOf(script);
    }
    return this.#knownOf(path);
  }

  /** Returns the sources of all scripts that are not cells. */
  files(): readonly ScriptSource[] {
    for (const script of this.#parsed.values()) this.#sourceOf(script);
    return [...this.#sources.values()].filter(({ isCell }) => !isCell);
  }

  #knownOf(path: string): readonly ScriptSource[] {
    return [...this.#sources.values()].filter((each) => each.path === path);
  }

  #addCell(name: string, source: string, map: string): ScriptSource {
    const path = this.#cellPaths.add(source);
    return this.#add(new ScriptSource(name, path, name, true, map));
  }

  #addFile(path: string, url: string, map?: string): ScriptSource {
    return this.#add(new ScriptSource(url, path, basename(path), false, map));
  }

  #add(source: ScriptSource): ScriptSource {
    this.#sources.set(source.url, source);
    return source;
  }

  #sourceOf({ url, sourceMapURL }: ParsedScript): ScriptSource {
    const known = this.#sources.get(url);
    if (known) return known;
    const path = pathOf(url);
    const map =
      sourceMapURL === "" || sourceMapURL.startsWith("data:")
        ? undefined
        : resolve(dirname(path), sourceMapURL);
    const mapped = map === undefined ? undefined : this.#mappedFile(url, map);
    return mapped ?? this.#addFile(path, url);
  }

  /** Adds a file whose map is a file too; undefined if it does not have exactly one source here. */
  #mappedFile(url: string, mapPath: string): ScriptSource | undefined {
    try {
      const map = readFileSync(mapPath, "utf8");
      const { sources = [], sourceRoot = "" } = JSON.parse(map) as {
        sources?: readonly string[];
        sourceRoot?: string;
      };
      if (sources.length !== 1) return undefined;
      const path = resolve(dirname(mapPath), sourceRoot, pathOf(sources[0]!));
      return existsSync(path) ? this.#addFile(path, url, map) : undefined;
    } catch {
      return undefined;
    }
  }
}

function pathOf(url: string): string {
  return url.startsWith("file:") ? fileURLToPath(url) : url;
}
