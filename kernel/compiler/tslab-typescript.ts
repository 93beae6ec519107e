/**
 * Creates tslab's converter with options that tslab does not offer.
 *
 * tslab 1.0.22 has fixed compiler options, resolves relative imports against the working directory
 * of the process, emits no source map and watches every file it has read. All of this goes through
 * its TypeScript module. The converter is therefore loaded with a copy of that module in which four
 * functions are replaced. The rest of tslab's behavior is unchanged.
 */
import { coded } from "@convnotes/notebook/coded-error";
import { createRequire } from "node:module";
import { join } from "node:path";
import type { Converter } from "tslab/dist/converter";
import { withoutMapComment } from "../map-comment";
import type { SyntaxDiagnostic } from "./completeness";
import { exportVariables } from "./live-variables";

type TypeScript = typeof import("@tslab/typescript-for-tslab");
type TslabConverter = typeof import("tslab/dist/converter");

/** The source maps of the two steps of a conversion. */
interface ConversionMaps {
  /**
   * From tslab's first output to the cell. Its lines are one too high, as tslab adds `export {};`
   * first.
   */
  readonly toSource: string;
  /** From the CommonJS text to tslab's first output. */
  readonly toModule: string;
}

/** A converter with access to its intermediate results. */
export interface StrictConverter {
  readonly converter: Converter;
  /** Returns the syntax errors of a text. */
  syntaxErrors(source: string): readonly SyntaxDiagnostic[];
  /** Returns the source maps of the latest conversion. */
  maps(): ConversionMaps | undefined;
}

const INLINE_MAP =
  /\/\/# sourceMappingURL=data:application\/json;base64,([A-Za-z0-9+/=]+)\s*$/;

/**
 * Creates a tslab converter in strict mode.
 *
 * @param projectFolder The folder whose files cells may import.
 * @param notebookFolder The folder against which a cell's relative imports are resolved.
 */
export function createStrictConverter(
  projectFolder: string,
  notebookFolder: string,
): StrictConverter {
  const require = createRequire(__filename);
  const tslab = createRequire(require.resolve("tslab/dist/converter"));
  const path = tslab.resolve("@tslab/typescript-for-tslab");
  const real = tslab(path) as TypeScript;
  let maps: ConversionMaps | undefined;

  const sys = Object.create(real.sys) as TypeScript["sys"];
  sys.getCurrentDirectory = () => projectFolder;
  // Changed files are read when the kernel restarts; watching them would take some 800 watchers.
  sys.watchFile = () => ({ close: () => undefined });
  // A change from outside, such as the installation of a package, would permanently stop tslab.
  sys.watchDirectory = () => ({ close: () => undefined });

  const createWatchCompilerHost = ((
    rootNames: string[],
    options: import("@tslab/typescript-for-tslab").CompilerOptions,
    ...rest: never[]
  ) => {
    const strict = {
      ...options,
      strict: true,
      inlineSourceMap: true,
      // As in the project's tsconfig.json; every other package in @types would be read again for
      // each cell.
      types: ["node"],
    };
    const host = (
      real.createWatchCompilerHost as unknown as (
        ...args: unknown[]
      ) => import("@tslab/typescript-for-tslab").WatchCompilerHostOfFilesAndCompilerOptions<never>
    )(rootNames, strict, ...rest);
    const cells = new Set(rootNames);
    const cellPath = join(notebookFolder, "__cell__.ts");
    const cache = real.createModuleResolutionCache(
      projectFolder,
      (name) => name,
    );
    host.resolveModuleNames = (names, containingFile) =>
      names.map(
        (name) =>
          real.resolveModuleName(
            name,
            cells.has(containingFile) ? cellPath : containingFile,
            strict,
            host,
            cache,
          ).resolvedModule,
      );
    return host;
  }) as unknown as TypeScript["createWatchCompilerHost"];

  const transpileModule: TypeScript["transpileModule"] = (input, options) => {
    const inline = INLINE_MAP.exec(input)?.[1];
    if (inline === undefined) {
      throw coded(
        "ERR_INTERNAL",
        new Error("Expected tslab to emit a source map, received none."),
      );
    }
    const { module, sourceMap } = exportVariables(
      real,
      input.replace(INLINE_MAP, ""),
      Buffer.from(inline, "base64").toString("utf8"),
    );
    const output = real.transpileModule(module, {
      ...options,
      compilerOptions: { ...options.compilerOptions, sourceMap: true },
    });
    if (output.sourceMapText !== undefined) {
      maps = { toSource: sourceMap, toModule: output.sourceMapText };
    }
    return {
      ...output,
      outputText: withoutMapComment(output.outputText),
    };
  };

  const cached = tslab.cache[path];
  if (cached === undefined) {
    throw coded("ERR_INTERNAL", new Error(`${path} has not been loaded.`));
  }
  cached.exports = { ...real, sys, createWatchCompilerHost, transpileModule };
  const module = require("tslab/dist/converter") as TslabConverter;
  return {
    converter: module.createConverter({}),
    syntaxErrors: (source) => {
      const file = real.createSourceFile(
        "cell.ts",
        source,
        real.ScriptTarget.ES2022,
      ) as unknown as { parseDiagnostics: SyntaxDiagnostic[] };
      return file.parseDiagnostics;
    },
    maps: () => maps,
  };
}
