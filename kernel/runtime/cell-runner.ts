/**
 * Runs one compiled cell after the other, and keeps their variables.
 */
import vm from "node:vm";
import type {
  CellImport,
  CompiledCell,
  ImportedName,
} from "../compiler/compiler";
import type { ModuleTarget } from "../compiler/project/compiled-file";
import type { ExecuteCommand, MimeBundle, Outcome } from "./channel";
import { toMimeBundle } from "./display";
import type { FileMeta } from "./file-scope";
import { Interrupt, type InterruptHandler } from "./interrupt";
import { importedValue, type LoadedModule, type ModuleLoader } from "./loader";
import type { Output } from "./output";
import { createScope } from "./scope";
import {
  CURRENT_RUN,
  expose,
  isStopped,
  shelter,
  SHELTERED,
  SIGNAL_STATE,
  type StopFlag,
} from "./stop-flag";
import type { SourceMaps } from "./source-maps";
import type { TensorFlowGuest } from "./tensorflow-guest";
import { toCellError, type TracebackContext } from "./traceback";

type CellFunction = (
  variables: Record<string, unknown>,
  require: NodeJS.Require,
  load: (name: string) => Promise<unknown>,
  stopFlag: StopFlag,
) => unknown;

/** The parts of the runtime that a cell's run touches. */
export interface Workbench {
  readonly require: NodeJS.Require;
  readonly loader: ModuleLoader;
  readonly output: Output;
  readonly interrupts: InterruptHandler;
  readonly stopFlag: StopFlag;
  readonly maps: SourceMaps;
  /** What `import.meta` is in a cell. */
  readonly meta: FileMeta;
  readonly tensorflow: TensorFlowGuest;
  readonly tracebackContext: TracebackContext;
}

const ENTRY = Symbol.for("convnotes.kernel.cell");

/** Runs cells and keeps their variables. */
export class CellRunner {
  readonly #bench: Workbench;
  readonly #variables: Record<string, unknown> = {};
  /** The same variables, for cells that are CommonJS modules. */
  readonly #exports = createScope(this.#variables);
  // A cell can be interrupted only while a script runs, so it is entered through this one.
  readonly #entry = new vm.Script(
    'globalThis[Symbol.for("convnotes.kernel.cell")]()',
    { filename: __filename },
  );

  constructor(bench: Workbench) {
    this.#bench = bench;
  }

  /**
   * Runs a cell to its end; never rejects.
   *
   * @param begun Called just before the cell's own code runs. A cell that fails before (an import that throws, a script that cannot be
   *   compiled, an interrupt) leaves every variable as it was.
   */
  async run(
    command: ExecuteCommand,
    begun: () => void = () => undefined,
  ): Promise<Outcome> {
    const { output, stopFlag } = this.#bench;
    stopFlag[CURRENT_RUN] = command.run;
    return await output.within(command.run, async () => {
      try {
        return await this.#runToEnd(command, begun);
      } catch (error) {
        if (error instanceof Interrupt) this.#bench.loader.dropUnfinished();
        return {
          status: "error",
          ...toCellError(error, this.#bench.tracebackContext),
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
    const { maps, interrupts, loader, stopFlag, meta } = this.#bench;
    const { isNodes = false, imported } = cell;
    maps.add(name, source, cell.sourceMap);
    loader.refresh();
    const compiled = new vm.Script(cell.javascript, {
      filename: name,
    }).runInThisContext() as CellFunction;
    const bindings = await this.#load(cell.imports ?? [], isNodes);
    const variables = cell.imports ? this.#variables : this.#exports;
    const load = Object.assign(
      async (module: unknown) => {
        const target = imported?.[String(module)];
        return target
          ? loader.importModule(String(module), target, isNodes)
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
    // Not deleted, which would slow down every variable from then on.
    this.#variables[cell.lastExpression] = undefined;
    const shown = this.#enter(() => toMimeBundle(value)) as Promise<
      MimeBundle | undefined
    >;
    return { status: "ok", result: await interrupts.race(shown) };
  }

  /** Loads what a cell imports; what is then to be done for its names to have their values. */
  async #load(
    imports: readonly CellImport[],
    isNodes: boolean,
  ): Promise<readonly (() => void)[]> {
    const { loader } = this.#bench;
    const bindings: (() => void)[] = [];
    for (const { module, target, names } of imports) {
      const loading = this.#enter(() => loader.load(module, target));
      const loaded =
        loading instanceof Promise
          ? await this.#loaded(loading as Promise<LoadedModule>, target)
          : (loading as LoadedModule);
      for (const name of names) {
        bindings.push(this.#binding(loaded, name, isNodes));
      }
    }
    return bindings;
  }

  async #loaded(
    loading: Promise<LoadedModule>,
    target: ModuleTarget | undefined,
  ): Promise<LoadedModule> {
    const { interrupts, loader } = this.#bench;
    try {
      return await interrupts.race(loading);
    } catch (error) {
      // It may never come to its end.
      if (error instanceof Interrupt && target) loader.giveUp(target);
      throw error;
    }
  }

  /** What gives an imported name its value, or, where the module may change that, whatever it is at the time. */
  #binding(
    loaded: LoadedModule,
    name: ImportedName,
    isNodes: boolean,
  ): () => void {
    const { slot, isLive } = name;
    const define = (attributes: PropertyDescriptor) =>
      Object.defineProperty(this.#variables, slot, {
        configurable: true,
        enumerable: true,
        ...attributes,
      });
    const get = () => importedValue(loaded, name, isNodes);
    if (!isLive) {
      const value = get();
      return () => define({ writable: true, value });
    }
    // A later cell may declare the name again.
    const set = (value: unknown) => define({ writable: true, value });
    return () => define({ get, set });
  }

  /** The `require` of one cell. */
  #requireOf({ required }: CompiledCell): NodeJS.Require {
    const { require, loader } = this.#bench;
    if (!required || Object.keys(required).length === 0) return require;
    const own = (name: string): unknown =>
      Object.hasOwn(required, name)
        ? loader.requireTarget(required[name]!)
        : require(name);
    return Object.assign(own, require);
  }

  /**
   * Calls `body` such that SIGINT ends it. Node takes its handlers of the signal off before it enters a script and puts them back
   * after, and a signal in between would end the process: so the body itself says when it may come.
   *
   * @param first Called before the body, unless that is not called either; SIGINT does not end it.
   */
  #enter(body: () => unknown, first?: () => void): unknown {
    const { stopFlag, tensorflow } = this.#bench;
    // An interrupt that was heard before there was anything to end.
    if (isStopped(stopFlag)) throw stopFlag.error();
    first?.();
    const mark = tensorflow.mark();
    Object.defineProperty(globalThis, ENTRY, {
      configurable: true,
      value: () => {
        expose(stopFlag);
        try {
          return body();
        } finally {
          shelter(stopFlag);
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
      tensorflow.repair(mark);
      throw new Interrupt();
    } finally {
      // What was ended by the signal ran no finally of its own.
      Atomics.store(stopFlag, SIGNAL_STATE, SHELTERED);
    }
  }
}
