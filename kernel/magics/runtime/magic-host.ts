/**
 * Runs the magics of cells, in the process of the cells. The compiler writes the calls
 * (`../compiler/magic-writer.ts`).
 */
import { coded } from "@convnotes/notebook/coded-error";
import type { MimeBundle } from "@convnotes/notebook/mime";
import { jupyterDisplay } from "@convnotes/notebook/mime";
import type { ValueDisplay } from "@convnotes/notebook/value-display";
import { findMagic, magicHelp, magicList, unknownMagic } from "../catalog";
import { RESET_TYPE } from "../host-key";
import { environmentMagic } from "./environment";
import { WorkingFolder } from "./working-folder";
import { namesTable } from "./names-table";
import { Stopwatches } from "./stopwatches";
import { type LoopRun, loopRuns } from "./loop-runs";
import { Installer } from "./install/installer";

/** What the runtime provides. */
export interface MagicContext {
  /** The folder of the notebook. */
  readonly notebookFolder: string;
  /** The variables of all cells, by slot. */
  readonly variables: Record<string, unknown>;
  /** The displays that libraries have registered. */
  readonly displays: readonly ValueDisplay[];
  /** Prints text in the cell. */
  print(text: string): void;
  /** Displays a bundle in the cell. */
  show(bundle: MimeBundle): void;
  /** Asks the user for a line. Throws if the client does not allow that. */
  ask(prompt: string): string;
}

/** The magics. */
export class MagicHost {
  readonly #context: MagicContext;
  readonly #stopwatches: Stopwatches;
  readonly #folder: WorkingFolder;
  readonly #installer: Installer;

  constructor(context: MagicContext) {
    this.#context = context;
    this.#stopwatches = new Stopwatches((text) => context.print(text));
    this.#folder = new WorkingFolder();
    this.#installer = new Installer(context);
  }

  /**
   * Runs a magic that measures nothing. Returns its value, which is the cell's result if it is the
   * last one.
   */
  run(name: string, argument: string): unknown {
    const { print, show, variables, displays } = this.#context;
    switch (name) {
      case "help":
        print(`${helpOn(argument)}\n`);
        return undefined;
      case "who": {
        const table = namesTable(variables, displays, argument);
        if (typeof table === "string") print(`${table}\n`);
        else show(table);
        return undefined;
      }
      case "env":
        return environmentMagic(argument, print);
      case "cd":
        print(`${this.#folder.change(argument)}\n`);
        return undefined;
      case "reset":
        return this.#reset(argument);
      case "install":
        return this.#installer.run(argument);
    }
    throw coded("ERR_UNKNOWN_NAME", new Error(unknownMagic(name)));
  }

  /** Starts to measure. Returns `id`. */
  start(id: number): number {
    return this.#stopwatches.start(id);
  }

  /** Prints the time since `start(id)`. */
  stop(id: number): void {
    this.#stopwatches.stop(id);
  }

  /** Prints the time since `start(id)`. Returns `value`. */
  timed<Value>(id: number, value: Value): Value {
    this.#stopwatches.stop(id);
    return value;
  }

  /** Yields the runs of a measurement in loops, and prints its result. */
  runs(options: string): Iterable<LoopRun> {
    return loopRuns(options, this.#context.print);
  }

  #reset(argument: string): object | undefined {
    const { ask, print, variables } = this.#context;
    if (argument !== "" && argument !== "-f") {
      throw coded(
        "ERR_USAGE",
        new Error(`Expected %reset or %reset -f, received "${argument}".`),
      );
    }
    if (argument !== "-f" && !hasAgreed(ask)) {
      print("Nothing was forgotten.\n");
      return undefined;
    }
    // From the last one, which V8 can remove without making later accesses slow.
    for (const slot of Object.keys(variables).reverse()) {
      delete variables[slot];
    }
    print("All names of cells are forgotten. Loaded modules stay loaded.\n");
    const bundle: MimeBundle = { "text/plain": "", [RESET_TYPE]: {} };
    return { [jupyterDisplay]: () => bundle };
  }
}

function hasAgreed(ask: MagicContext["ask"]): boolean {
  let answer: string;
  try {
    answer = ask("Forget all names that cells have declared? [y/N] ");
  } catch (error) {
    if ((error as { code?: unknown }).code !== "ERR_UNSUPPORTED") throw error;
    throw coded(
      "ERR_UNSUPPORTED",
      new Error(
        "Expected a client that can ask before names are forgotten, or %reset -f, which does not ask.",
      ),
    );
  }
  return /^\s*y(es)?\s*$/i.test(answer);
}

function helpOn(argument: string): string {
  const name = argument.replace(/^%+/, "");
  if (name === "") {
    return `${magicList()}\n\n%help NAME shows the help of one.`;
  }
  const magic = findMagic(name);
  if (magic === undefined) {
    throw coded("ERR_UNKNOWN_NAME", new Error(unknownMagic(name)));
  }
  return magicHelp(magic);
}
