/**
 * Compiles cells with magics by means of a compiler that knows none.
 *
 * A cell is compiled with its magics written as TypeScript. Completion, inspection and the debugger
 * see it with blanks in place of the magics, which leaves all positions as they are.
 */
import type * as typescript from "typescript";
import type {
  Compilation,
  Compiler,
  Completeness,
  CompletionList,
  Declarations,
  EarlyMagic,
  Inspection,
} from "../../compiler/compiler";
import type {
  DebugExpression,
  DebugPlace,
  DebugSyntax,
} from "../../compiler/debug-syntax";
import { edited } from "../../compiler/text-edit";
import {
  findMagic,
  magicHelp,
  magics,
  mayHaveMagics,
  unknownMagic,
} from "../catalog";
import { EditedPositions } from "./edited-positions";
import { withOffers } from "./install-offer";
import {
  isMeasuring,
  type MagicCell,
  magicCell,
  type MagicLine,
} from "./magic-lines";
import { earlyMagics, writeMagics } from "./magic-writer";

/** A compiler of cells with magics. */
export class MagicCompiler implements Compiler {
  readonly #inner: Compiler;
  readonly #typescript: () => typeof typescript;

  /**
   * @param inner Compiles cells without magics.
   * @param typescript Returns TypeScript's parser. Called for the first cell that may have magics.
   */
  constructor(inner: Compiler, typescript: () => typeof import("typescript")) {
    this.#inner = inner;
    this.#typescript = typescript;
  }

  get version(): string {
    return this.#inner.version;
  }

  get programs(): number {
    return this.#inner.programs ?? 0;
  }

  async compile(
    source: string,
    declarations?: Declarations,
  ): Promise<Compilation> {
    const cell = this.#cell(source);
    if (cell === undefined) {
      return offering(source, await this.#inner.compile(source, declarations));
    }
    const { edits, errors } = writeMagics(this.#typescript(), cell);
    if (errors) return { diagnostics: errors };
    const compilation = await this.#inner.compile(
      edited(source, edits),
      declarations,
    );
    const positions = new EditedPositions(source, edits);
    if (compilation.diagnostics) {
      const diagnostics = compilation.diagnostics.map((each) =>
        each.file === undefined
          ? {
              ...each,
              start: positions.original(each.start),
              end: positions.original(each.end),
            }
          : each,
      );
      return offering(cell.blanked, { ...compilation, diagnostics });
    }
    const { sourceMap } = compilation.cell;
    return {
      ...compilation,
      cell: {
        ...compilation.cell,
        sourceMap: positions.originalMap(sourceMap),
      },
    };
  }

  /** Returns the magics that run before the cell is checked; none if the cell has errors. */
  async early(source: string): Promise<readonly EarlyMagic[]> {
    const cell = this.#cell(source);
    return cell === undefined ? [] : earlyMagics(this.#typescript(), cell);
  }

  commit(): Promise<void> {
    return this.#inner.commit();
  }

  reset(): Promise<void> {
    return this.#inner.reset();
  }

  async complete(source: string, offset: number): Promise<CompletionList> {
    const cell = this.#cell(source);
    if (cell === undefined) return this.#inner.complete(source, offset);
    const line = lineAt(cell, offset);
    if (
      line === undefined ||
      offset > line.argumentEnd ||
      offset === line.start
    ) {
      return this.#inner.complete(cell.blanked, offset);
    }
    if (offset <= line.nameEnd) return nameCompletions(cell, line, offset);
    return isMeasuring(line) && offset === line.argumentEnd
      ? this.#inner.complete(cell.blanked, offset)
      : argumentCompletions(line, source, offset);
  }

  async inspect(
    source: string,
    offset: number,
  ): Promise<Inspection | undefined> {
    const cell = this.#cell(source);
    if (cell === undefined) return this.#inner.inspect(source, offset);
    const line = lineAt(cell, offset);
    if (line === undefined || offset > line.nameEnd) {
      return this.#inner.inspect(cell.blanked, offset);
    }
    const magic = findMagic(line.name);
    return magic
      ? { signature: magic.usage.join("\n"), documentation: helpOf(magic) }
      : { signature: `%${line.name}`, documentation: unknownMagic(line.name) };
  }

  completeness(source: string): Promise<Completeness> {
    return this.#inner.completeness(this.#blanked(source));
  }

  debugSyntax(source: string): Promise<DebugSyntax> {
    return this.#inner.debugSyntax(this.#blanked(source));
  }

  debugExpression(
    expression: string,
    place?: DebugPlace,
  ): Promise<DebugExpression> {
    const blanked = place && { ...place, source: this.#blanked(place.source) };
    return this.#inner.debugExpression(expression, blanked);
  }

  interrupt(): void {
    this.#inner.interrupt?.();
  }

  close(): Promise<void> {
    return this.#inner.close();
  }

  #cell(source: string): MagicCell | undefined {
    return mayHaveMagics(source)
      ? magicCell(this.#typescript(), source)
      : undefined;
  }

  #blanked(source: string): string {
    return this.#cell(source)?.blanked ?? source;
  }
}

function offering(source: string, compilation: Compilation): Compilation {
  const { diagnostics } = compilation;
  return diagnostics
    ? { ...compilation, diagnostics: withOffers(source, diagnostics) }
    : compilation;
}

/** Returns the magic on whose line an offset is. */
function lineAt({ lines }: MagicCell, offset: number): MagicLine | undefined {
  return lines.find(({ start, end }) => start <= offset && offset <= end);
}

function nameCompletions(
  { source }: MagicCell,
  { start, nameEnd, isCell }: MagicLine,
  offset: number,
): CompletionList {
  const typed = source.slice(start, offset);
  const isFirst = source.slice(0, start).trim() === "";
  const names = magics.flatMap(({ name, hasCellForm }) => [
    ...(isCell ? [] : [`%${name}`]),
    ...(hasCellForm && isFirst ? [`%%${name}`] : []),
  ]);
  return {
    start,
    end: nameEnd,
    entries: names
      .filter((name) => name.startsWith(typed))
      .map((name) => ({ name, kind: "magic" })),
  };
}

function argumentCompletions(
  line: MagicLine,
  source: string,
  offset: number,
): CompletionList {
  const typed = /\w*$/.exec(source.slice(line.nameEnd, offset))![0];
  const names = line.name === "help" ? magics.map(({ name }) => name) : [];
  return {
    start: offset - typed.length,
    end: offset,
    entries: names
      .filter((name) => name.startsWith(typed))
      .map((name) => ({ name, kind: "magic" })),
  };
}

/** Returns the help of a magic without its usage, as Markdown. */
function helpOf(magic: Parameters<typeof magicHelp>[0]): string {
  return magicHelp(magic).split("\n\n").slice(1).join("\n\n");
}
