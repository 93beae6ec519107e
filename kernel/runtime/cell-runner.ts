/**
 * Runs one compiled cell after the other.
 */
import vm from "node:vm";
import type { CellImport } from "../compiler/compiler";
import type { ExecuteCommand, MimeBundle, Outcome } from "./channel";
import { toMimeBundle } from "./display";
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
  /** Lets names of modules, as cells write them, lead to files. */
  readonly mapNames: (names: Readonly<Record<string, string>>) => void;
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
    const { maps, mapNames, require, interrupts, loader, stopFlag } =
      this.#bench;
    maps.add(name, source, cell.sourceMap);
    if (cell.mapped) mapNames(cell.mapped);
    const compiled = new vm.Script(cell.javascript, {
      filename: name,
    }).runInThisContext() as CellFunction;
    const imported = await this.#load(cell.imports ?? []);
    const variables = cell.imports ? this.#variables : this.#exports;
    const load = Object.assign(
      (module: string) => loader.importModule(module),
      { meta: loader.meta },
    );
    const returned = this.#enter(
      () => compiled(variables, require, load, stopFlag),
      () => {
        for (const [slot, value] of imported) this.#variables[slot] = value;
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

  /** The values of all imported names, by slot. */
  async #load(
    imports: readonly CellImport[],
  ): Promise<readonly (readonly [slot: string, value: unknown])[]> {
    const { interrupts, loader } = this.#bench;
    const values: [slot: string, value: unknown][] = [];
    for (const { module, names } of imports) {
      const loading = this.#enter(() => loader.load(module));
      const loaded =
        loading instanceof Promise
          ? await interrupts.race(loading as Promise<LoadedModule>)
          : (loading as LoadedModule);
      for (const name of names) {
        values.push([name.slot, importedValue(loaded, name)]);
      }
    }
    return values;
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
