/**
 * The extensions that libraries have registered in the process that runs the cells, under
 * `Symbol.for("convnotes.extensions")` on `globalThis`.
 *
 * A library's mistake must not end a cell: its errors are reported, and the cell goes on.
 */
import type { InterruptibleRuns } from "@convnotes/notebook/interruptible-runs";
import type { RepairableState } from "@convnotes/notebook/repairable-state";
import {
  type ExtensionRegistry,
  extensionsKey,
  type RuntimeExtension,
} from "@convnotes/notebook/runtime-extension";
import type { ValueDisplay } from "@convnotes/notebook/value-display";

/** The states of libraries before a cell. */
export type Marks = ReadonlyMap<RepairableState, unknown>;

/** The registered extensions. */
export class Extensions implements ExtensionRegistry {
  readonly #counted: (activeRuns: number) => void;
  readonly #report: (error: unknown) => void;
  readonly #displays: ValueDisplay[] = [];
  /** The number of active runs of each library. */
  readonly #runs = new Map<InterruptibleRuns, number>();
  readonly #states = new Set<RepairableState>();

  /**
   * @param counted Called with the number of all active runs, whenever it changes.
   * @param report Called with what an extension throws.
   */
  constructor(
    counted: (activeRuns: number) => void,
    report: (error: unknown) => void,
  ) {
    this.#counted = counted;
    this.#report = report;
  }

  /** Makes this the registry of the process. */
  install(): void {
    Object.defineProperty(globalThis, extensionsKey, {
      configurable: true,
      value: this satisfies ExtensionRegistry,
    });
  }

  register({ displays = [], runs, state }: RuntimeExtension): void {
    this.#displays.push(...displays);
    if (state) this.#states.add(state);
    if (runs === undefined || this.#runs.has(runs)) return;
    this.#count(runs, 0);
    this.#safely(() =>
      runs.watch((activeRuns) => this.#count(runs, activeRuns)),
    );
  }

  /** The displays, in the order in which they were registered. */
  get displays(): readonly ValueDisplay[] {
    return this.#displays;
  }

  /** Whether a library has active runs. */
  get isActive(): boolean {
    return this.#activeRuns > 0;
  }

  /** Asks all runs to stop; their promises reject with the reason. */
  interrupt(reason: Error): void {
    for (const runs of this.#runs.keys()) {
      this.#safely(() => runs.interrupt(reason));
    }
  }

  /** Returns the states of all libraries. */
  mark(): Marks {
    const marks = new Map<RepairableState, unknown>();
    for (const state of this.#states) {
      this.#safely(() => marks.set(state, state.mark()));
    }
    return marks;
  }

  /**
   * Restores the states of all libraries after code was ended at once; their initial states if
   * there are no marks.
   */
  repair(marks?: Marks): void {
    for (const runs of this.#runs.keys()) {
      this.#safely(() => runs.ended());
      this.#count(runs, 0);
    }
    for (const state of this.#states) {
      this.#safely(() => state.repair(marks?.get(state)));
    }
  }

  get #activeRuns(): number {
    return [...this.#runs.values()].reduce((sum, count) => sum + count, 0);
  }

  #count(runs: InterruptibleRuns, activeRuns: number): void {
    this.#runs.set(runs, activeRuns);
    this.#counted(this.#activeRuns);
  }

  #safely(call: () => void): void {
    try {
      call();
    } catch (error) {
      this.#report(error);
    }
  }
}
