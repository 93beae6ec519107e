/**
 * Compiles cells with tslab's converter.
 *
 * tslab keeps the declarations of earlier cells as one text and checks each cell against it. The
 * work is synchronous and takes 25 to 500 ms per cell, so `compiler-client.ts` runs it in a
 * separate process.
 */
import { coded } from "@convnotes/notebook/coded-error";
import { createRequire } from "node:module";
import vm from "node:vm";
import type { Diagnostic as TslabDiagnostic } from "tslab/dist/converter";
import {
  type Compilation,
  type Compiler,
  type Completeness,
  type CompletionList,
  type Declarations,
  type Diagnostic,
  FIRST_SEMANTIC_CODE,
  type Inspection,
} from "./compiler";
import { completeness } from "./completeness";
import {
  type DebugExpression,
  debugExpression,
  type DebugPlace,
  type DebugSyntax,
  debugSyntax,
} from "./debug-syntax";
import { completionKind } from "./completion-kind";
import { typeScriptVersion } from "./settings";
import { documentation, signature } from "./quick-info";
import { joinedMaps } from "./source-map-chain";
import {
  createStrictConverter,
  type StrictConverter,
} from "./tslab-typescript";

/** Compiles cells with tslab 1.0.22 (TypeScript 5.0.4, Node 10's module resolution). */
export class TslabCompiler implements Compiler {
  readonly version = typeScriptVersion("tslab");
  readonly #tslab: StrictConverter;
  #declarations = "";
  #pending: string | undefined;

  /**
   * @param projectFolder The folder whose files cells may import.
   * @param notebookFolder The folder against which a cell's relative imports are resolved.
   */
  constructor(projectFolder: string, notebookFolder: string) {
    this.#tslab = createStrictConverter(projectFolder, notebookFolder);
  }

  async compile(
    source: string,
    declarations: Declarations = "kept",
  ): Promise<Compilation> {
    this.#pending = undefined;
    const converted = this.#tslab.converter.convert(this.#declarations, source);
    if (converted.diagnostics.length > 0) {
      return { diagnostics: mergeChains(converted.diagnostics) };
    }
    if (declarations === "kept") this.#pending = converted.declOutput ?? "";
    const maps = this.#tslab.maps();
    if (converted.output === undefined || maps === undefined) {
      throw coded(
        "ERR_INTERNAL",
        new Error("Expected tslab to return JavaScript, received none."),
      );
    }
    const isAsync =
      converted.hasToplevelAwait === true || awaitsInLoop(converted.output);
    return {
      cell: {
        // The wrapper starts on a separate line, so that the columns of the cell do not change.
        javascript: `(${isAsync ? "async " : ""}function (exports, require) {\n${keepOldValues(converted.output)}\n})`,
        // tslab adds a line before the cell.
        sourceMap: joinedMaps(maps.toSource, maps.toModule, {
          wrapper: 1,
          preamble: 1,
        }),
        isAsync,
        lastExpression: converted.lastExpressionVar,
      },
    };
  }

  async commit(): Promise<void> {
    this.#declarations = this.#pending ?? this.#declarations;
    this.#pending = undefined;
  }

  async reset(): Promise<void> {
    this.#declarations = "";
    this.#pending = undefined;
  }

  async complete(source: string, offset: number): Promise<CompletionList> {
    const found = this.#tslab.converter.complete(
      this.#declarations,
      source,
      offset,
    );
    const kinds = new Map(
      found.original?.entries.map((entry) => [entry.name, String(entry.kind)]),
    );
    return {
      start: found.start,
      end: found.end,
      entries: found.candidates.map((name) => ({
        name,
        kind: completionKind(kinds.get(name) ?? ""),
      })),
    };
  }

  async inspect(
    source: string,
    offset: number,
  ): Promise<Inspection | undefined> {
    const info = this.#tslab.converter.inspect(
      this.#declarations,
      source,
      offset,
    ) as ReturnType<StrictConverter["converter"]["inspect"]> | undefined;
    if (info === undefined) return undefined;
    const text = signature(info);
    return text === "" || text === "any"
      ? undefined
      : { signature: text, documentation: documentation(info) };
  }

  async completeness(source: string): Promise<Completeness> {
    return completeness(source, this.#tslab.syntaxErrors(source));
  }

  async debugSyntax(source: string): Promise<DebugSyntax> {
    return debugSyntax(typescript(), source);
  }

  async debugExpression(
    expression: string,
    place?: DebugPlace,
  ): Promise<DebugExpression> {
    return debugExpression(typescript(), expression, place);
  }

  async close(): Promise<void> {
    this.#tslab.converter.close();
  }
}

/** Returns TypeScript for parsing only; it is loaded when the debugger is first used. */
function typescript(): typeof import("typescript") {
  return createRequire(__filename)("typescript") as typeof import("typescript");
}

/**
 * Whether a cell has a `for await` at its top level, which tslab does not count as a top-level
 * await.
 */
function awaitsInLoop(output: string): boolean {
  if (!/\bfor\s+await\b/.test(output)) return false;
  try {
    new vm.Script(`(function () {\n${output}\n})`);
    return false;
  } catch {
    return true;
  }
}

/** Merges messages at the same position: tslab lists the explanations of a message separately. */
function mergeChains(diagnostics: readonly TslabDiagnostic[]): Diagnostic[] {
  const merged: Diagnostic[] = [];
  let before: TslabDiagnostic | undefined;
  for (const diagnostic of diagnostics) {
    const last = merged.at(-1);
    const { start, end, code, messageText, fileName } = diagnostic;
    if (
      last !== undefined &&
      before?.start.offset === start.offset &&
      before.end.offset === end.offset
    ) {
      merged[merged.length - 1] = {
        ...last,
        message: `${last.message}\n  ${messageText}`,
      };
    } else {
      merged.push({
        code,
        message: messageText,
        syntax: code < FIRST_SEMANTIC_CODE,
        file: fileName,
        start: { line: start.line, column: start.character },
        end: { line: end.line, column: end.character },
      });
    }
    before = diagnostic;
  }
  return merged;
}

/**
 * Removes the initial `exports.a = exports.b = void 0;` that TypeScript writes for a module.
 *
 * Otherwise a cell that fails before it reaches its declarations would erase the previous values of
 * these names.
 */
function keepOldValues(output: string): string {
  const lines = output.split("\n");
  for (const [index, line] of lines.entries()) {
    if (
      line.startsWith('Object.defineProperty(exports, "__esModule"') ||
      /^var _\w+(, _\w+)*;$/.test(line)
    ) {
      continue;
    }
    if (!/^(exports\.\S+ = )+void 0;$/.test(line)) break;
    lines[index] = "";
  }
  return lines.join("\n");
}
