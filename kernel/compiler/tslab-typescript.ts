/**
 * Tslab's converter, given the options it does not offer.
 *
 * tslab 1.0.22 fixes its compiler options, resolves relative imports from the process's working folder,
 * emits no source map and watches every file it has read. All of that passes through its TypeScript
 * module, so the converter is loaded here with a copy of that module in which four functions are
 * ours. What tslab does with a cell stays tslab's.
 */
import { createRequire } from "node:module";
import { join } from "node:path";
import type { Converter } from "tslab/dist/converter";
import { withoutMapComment } from "../map-comment";
import type { SyntaxObjection } from "./completeness";
import { exportVariables } from "./live-variables";

type TypeScript = typeof import("@tslab/typescript-for-tslab");
type TslabConverter = typeof import("tslab/dist/converter");

/** The two texts with a source map each that one conversion passes through. */
export interface ConversionMaps {
  /** From tslab's first output to the cell; its lines are one too high (tslab puts `export {};` first). */
  readonly toSource: string;
  /** From the CommonJS text to tslab's first output. */
  readonly toModule: string;
}

/** A converter with what it leaves behind. */
export interface StrictConverter {
  readonly converter: Converter;
  /** What the parser objects to in a text, without regard to types. */
  syntaxErrors(source: string): readonly SyntaxObjection[];
  /** The source maps of the conversion done last. */
  maps(): ConversionMaps | undefined;
}

const INLINE_MAP =
  /\/\/# sourceMappingURL=data:application\/json;base64,([A-Za-z0-9+/=]+)\s*$/;

/**
 * A tslab converter in strict mode.
 *
 * @param projectFolder The folder whose files cells may import.
 * @param notebookFolder The folder from which a cell's relative imports are looked up.
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
  // Changed files are read at the next start of the kernel; some 800 watches would be the price of sooner.
  sys.watchFile = () => ({ close: () => undefined });
  // A change that tslab did not make itself, such as a package installed meanwhile, would stop it for good.
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
      // As in the project's tsconfig.json; every other package in @types would be read for each cell again.
      types: ["node"],
    };
    const host = (
      real.createWatchCompilerHost as unknown as (
        ...args: unknown[]
      ) => import("@tslab/typescript-for-tslab").WatchCompilerHostOfFilesAndCompilerOptions<never>
    )(rootNames, strict, ...rest);
    const cells = new Set(rootNames);
    const seat = join(notebookFolder, "__cell__.ts");
    const cache = real.createModuleResolutionCache(
      projectFolder,
      (name) => name,
    );
    host.resolveModuleNames = (names, containingFile) =>
      names.map(
        (name) =>
          real.resolveModuleName(
            name,
            cells.has(containingFile) ? seat : containingFile,
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
      throw new Error("Expected a source map from tslab, received none.");
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
  if (cached === undefined) throw new Error(`${path} has not been loaded.`);
  cached.exports = { ...real, sys, createWatchCompilerHost, transpileModule };
  const module = require("tslab/dist/converter") as TslabConverter;
  return {
    converter: module.createConverter({}),
    syntaxErrors: (source) => {
      const file = real.createSourceFile(
        "cell.ts",
        source,
        real.ScriptTarget.ES2022,
      ) as unknown as { parseDiagnostics: SyntaxObjection[] };
      return file.parseDiagnostics;
    },
    maps: () => maps,
  };
}
