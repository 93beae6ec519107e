/**
 * Keeps the running cells of the runtime: at most one of each shell.
 */
import { currentLog } from "../log";
import type { ExecuteCommand, Outcome, RuntimeEvent } from "./channel";
import { CURRENT_RUN, STOPPED_RUN, type StopFlag } from "./stop-flag";

/** A running cell. */
export interface RunningCell {
  readonly run: number;
  /** Whether a user can answer it. */
  readonly isInteractive: boolean;
  /** Whether its own code has begun to run. */
  hasBegun: boolean;
  /**
   * Whether code that it started was terminated, which the cell may not notice if its own code has
   * ended.
   */
  wasInterrupted: boolean;
  /** Sends the cell's outcome. Only the first call has an effect. */
  finish(outcome: Outcome): void;
}

/** The functions of the runtime that running cells need. */
interface RunningCellsHost {
  send(event: RuntimeEvent): void;
  /** Returns the outcome of a cell that fails with an error. */
  failed(error: unknown): Outcome;
  /** Returns the outcome of an interrupted cell. */
  interrupted(): Outcome;
  /** Called when a cell has ended. */
  ended(run: number): void;
}

/** The running cells. */
export class RunningCells {
  readonly #host: RunningCellsHost;
  readonly #flag: StopFlag;
  readonly #cells = new Map<number, RunningCell>();

  constructor(flag: StopFlag, host: RunningCellsHost) {
    this.#flag = flag;
    this.#host = host;
  }

  /** Returns the running cell of a run. */
  get(run: number | undefined): RunningCell | undefined {
    return run === undefined ? undefined : this.#cells.get(run);
  }

  /** All running cells. */
  get all(): readonly RunningCell[] {
    return [...this.#cells.values()];
  }

  /** Adds a cell that begins to run. */
  start({ run, name, isInteractive = false }: ExecuteCommand): RunningCell {
    const began = performance.now();
    const cell: RunningCell = {
      run,
      isInteractive,
      hasBegun: false,
      wasInterrupted: false,
      finish: (ended) => {
        if (this.#cells.get(run) !== cell) return;
        this.#remove(run);
        const isHidden = cell.wasInterrupted && ended.status === "ok";
        const outcome = isHidden ? this.#host.interrupted() : ended;
        currentLog()?.done(`run ${name}`, began, outcome.status);
        this.#send(cell, outcome);
        this.#host.ended(run);
      },
    };
    this.#cells.set(run, cell);
    this.#flag[CURRENT_RUN] = run;
    return cell;
  }

  #send({ run, hasBegun }: RunningCell, outcome: Outcome): void {
    try {
      this.#host.send({ kind: "done", run, outcome, hasBegun });
    } catch (error) {
      // The bundle contains a value that JSON cannot represent, such as a bigint.
      const failed = this.#host.failed(error);
      this.#host.send({ kind: "done", run, outcome: failed, hasBegun });
    }
  }

  /** Removes a cell. The latest of the others becomes the current one, with its interrupt. */
  #remove(run: number): void {
    this.#cells.delete(run);
    const latest = Math.max(...this.#cells.keys());
    if (this.#cells.size === 0 || latest > run) return;
    const isStopped = this.#flag[STOPPED_RUN] === run;
    this.#flag[CURRENT_RUN] = latest;
    if (isStopped) this.#flag[STOPPED_RUN] = latest;
  }
}
