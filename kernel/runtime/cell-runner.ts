/**
 * Runs compiled cells and keeps their variables. A cell may run while others are waiting.
 */
import vm from "node:vm";
import type {
  CellImport,
  CompiledCell,
  ImportedName,
} from "../compiler/compiler";
import type { ModuleTarget } from "../compiler/project/compiled-file";
import type { MimeBundle } from "@convnotes/notebook/mime";
import type { AnnouncedScript } from "../debugger/channel";
import type { ExecuteCommand, Outcome } from "./channel";
import { toMimeBundle } from "./display";
import type { Extensions } from "./extensions";
import type { FileMeta } from "./file-scope";
import { Interrupt } from "../interrupt-error";
import type { InterruptHandler } from "./interrupt";
import { importedValue, type LoadedModule, type ModuleLoader } from "./loader";
import type { Output } from "./output";
import { createScope } from "./scope";
import {
  allowSignal,
  isStopped,
  blockSignal,
  SIGNAL_BLOCKED,
  SIGNAL_STATE,
  type StopFlag,
} from "./stop-flag";
import type { SourceMaps } from "./source-maps";
import { toCellError, type TracebackContext } from "./traceback";

type CellFunction = (
  variables: Record<string, unknown>,
  require: NodeJS.Require,
  load: (name: string) => Promise<unknown>,
  stopFlag: StopFlag,
) => unknown;

/** The parts of the runtime that running a cell needs. */
interface RuntimeContext {
  readonly require: NodeJS.Require;
  readonly loader: ModuleLoader;
  readonly output: Output;
  readonly interrupts: InterruptHandler;
  readonly stopFlag: StopFlag;
  readonly maps: SourceMaps;
  /** Called with each script that is about to run. */
  readonly announce?: (script: AnnouncedScript) => void;
  /** The value of `import.meta` in cells. */
  readonly meta: FileMeta;
  readonly extensions: Extensions;
  readonly tracebackContext: TracebackContext;
}

const ENTRY = Symbol.for("convnotes.kernel.cell");

/** Runs cells and keeps their variables. */
export class CellRunner {
  readonly #context: RuntimeContext;
  readonly #variables: Record<string, unknown> = {};
  /** The same variables, for cells that are CommonJS modules. */
  readonly #exports = createScope(this.#variables);
  // SIGINT can end a cell only while a script runs, so cells are called from this one.
  readonly #entry = new vm.Script(
    'globalThis[Symbol.for("convnotes.kernel.cell")]()',
    { filename: __filename },
  );

  constructor(context: RuntimeContext) {
    this.#context = context;
  }

  /** The variables of all cells, by slot. */
  get variables(): Record<string, unknown> {
    return this.#variables;
  }

  /**
   * Runs a cell to its end. Never rejects.
   *
   * @param begun Called just before the cell's own code runs. A cell that fails earlier (because an
   *   import throws, a script cannot be compiled, or an interrupt comes) changes no variables.
   */
  async run(
    command: ExecuteCommand,
    begun: () => void = () => undefined,
  ): Promise<Outcome> {
    const { output } = this.#context;
    return await output.within(command.run, async () => {
      try {
        return await this.#runToEnd(command, begun);
      } catch (error) {
        if (error instanceof Interrupt) this.#context.loader.dropUnfinished();
        return {
          status: "error",
          ...toCellError(error, this.#context.tracebackContext),
        };
      } finally {
        output.flush();
      }
    });
  }

  async #runToEnd(
    { name, source, cell }: ExecuteCommand,
    begun: () => void,
  ): Promise<Outcome> {
    const { maps, announce, interrupts, loader, stopFlag, meta, extensions } =
      this.#context;
    const { usesNodeInterop = false, imported } = cell;
    maps.add(name, source, cell.sourceMap);
    loader.refresh();
    const compiled = new vm.Script(cell.javascript, {
      filename: name,
    }).runInThisContext() as CellFunction;
    announce?.({ kind: "cell", name, source, map: cell.sourceMap });
    const bindings = await this.#load(cell.imports ?? [], usesNodeInterop);
    const variables = cell.imports ? this.#variables : this.#exports;
    const load = Object.assign(
      async (module: unknown) => {
        const target = imported?.[String(module)];
        return target
          ? loader.importModule(String(module), target, usesNodeInterop)
          : loader.importFrom(meta.filename, String(module));
      },
      { meta },
    );
    const require = this.#requireOf(cell);
    const returned = this.#enter(
      () => compiled(variables, require, load, stopFlag),
      () => {
        for (const bind of bindings) bind();
        begun();
      },
    );
    if (cell.isAsync) await interrupts.race(returned as Promise<unknown>);
    if (cell.lastExpression === undefined) return { status: "ok" };
    const value = this.#variables[cell.lastExpression];
    // Not deleted, which would slow down later accesses to all variables.
    this.#variables[cell.lastExpression] = undefined;
    const shown = this.#enter(() =>
      toMimeBundle(value, extensions.displays),
    ) as Promise<MimeBundle | undefined>;
    return { status: "ok", result: await interrupts.race(shown) };
  }

  /** Loads a cell's imports. Returns functions that assign the imported values to their names. */
  async #load(
    imports: readonly CellImport[],
    usesNodeInterop: boolean,
  ): Promise<readonly (() => void)[]> {
    const { loader } = this.#context;
    const bindings: (() => void)[] = [];
    for (const { module, target, names } of imports) {
      const loading = this.#enter(() => loader.load(module, target));
      const loaded =
        loading instanceof Promise
          ? await this.#loaded(loading as Promise<LoadedModule>, target)
          : (loading as LoadedModule);
      for (const name of names) {
        bindings.push(this.#binding(loaded, name, usesNodeInterop));
      }
    }
    return bindings;
  }

  async #loaded(
    loading: Promise<LoadedModule>,
    target: ModuleTarget | undefined,
  ): Promise<LoadedModule> {
    const { interrupts, loader } = this.#context;
    try {
      return await interrupts.race(loading);
    } catch (error) {
      // Its evaluation may never finish.
      if (error instanceof Interrupt && target) loader.giveUp(target);
      throw error;
    }
  }

  /**
   * Returns a function that defines an imported name: as a value, or as a getter if the module may
   * change the value.
   */
  #binding(
    loaded: LoadedModule,
    name: ImportedName,
    usesNodeInterop: boolean,
  ): () => void {
    const { slot, isLive } = name;
    const define = (attributes: PropertyDescriptor) =>
      Object.defineProperty(this.#variables, slot, {
        configurable: true,
        enumerable: true,
        ...attributes,
      });
    const get = () => importedValue(loaded, name, usesNodeInterop);
    if (!isLive) {
      const value = get();
      return () => define({ writable: true, value });
    }
    // A later cell may declare the name again.
    const set = (value: unknown) => define({ writable: true, value });
    return () => define({ get, set });
  }

  /** Returns the `require` function of a cell. */
  #requireOf({ required }: CompiledCell): NodeJS.Require {
    const { require, loader } = this.#context;
    if (!required || Object.keys(required).length === 0) return require;
    const own = (name: string): unknown =>
      Object.hasOwn(required, name)
        ? loader.requireTarget(required[name]!)
        : require(name);
    return Object.assign(own, require);
  }

  /**
   * Calls `body` so that SIGINT ends it. Node removes its signal handlers before it enters a script
   * and restores them afterwards, and a signal in between would end the process. Therefore the body
   * itself sets the state in which signals are allowed.
   *
   * @param first Called before the body, but not if the cell is already interrupted. SIGINT does
   *   not end it.
   */
  #enter(body: () => unknown, first?: () => void): unknown {
    const { stopFlag, extensions } = this.#context;
    // The cell was interrupted before there was anything to end.
    if (isStopped(stopFlag)) throw stopFlag.error();
    first?.();
    const marks = extensions.mark();
    Object.defineProperty(globalThis, ENTRY, {
      configurable: true,
      value: () => {
        allowSignal(stopFlag);
        try {
          return body();
        } finally {
          blockSignal(stopFlag);
        }
      },
    });
    try {
      return this.#entry.runInThisContext({
        breakOnSigint: true,
        displayErrors: false,
      });
    } catch (error) {
      const code = (error as { code?: unknown } | null | undefined)?.code;
      if (code !== "ERR_SCRIPT_EXECUTION_INTERRUPTED") throw error;
      extensions.repair(marks);
      throw new Interrupt();
    } finally {
      // Code that was ended by the signal did not run its `finally` blocks.
      Atomics.store(stopFlag, SIGNAL_STATE, SIGNAL_BLOCKED);
    }
  }
}
