/**
 * Checkpoints of training runs: decides when a run's state is saved, and continues runs.
 */
import { mkdirSync, realpathSync } from "node:fs";
import { setImmediate as nextTurn } from "node:timers/promises";
import type {
  KeptRun,
  RunKeeper,
  RunPosition,
} from "../../engine/models/run-keeper";
import { coded } from "../../notebook/coded-error";
import { display } from "../../notebook/display";
import { seedState, setSeed } from "../seed";
import { thisMachine, type Checkpoint } from "./checkpoint-content";
import { CheckpointFolder } from "./checkpoint-folder";
import {
  checkpointOptions,
  type CheckpointOptions,
} from "./checkpoint-options";
import { lockFolder, type FolderLock } from "./folder-lock";
import { differences, identityOf, type RunIdentity } from "./run-identity";
import { SavedRun } from "./saved-run";
import { partsOf, type RunPart } from "./saved-part";
import { terminatedStatus, watchEndings } from "./termination";

/** Time between two turns of Node's event loop, which signals wait for, in milliseconds. */
const turnInterval = 100;

/** The checkpoints of this process that are in use, by their folders. */
const active = new Map<string, Checkpoints>();

/** Keeps the runs of one call after another in a folder. */
export class Checkpoints implements RunKeeper {
  readonly #options: Required<CheckpointOptions>;
  readonly #identity: RunIdentity;
  readonly #parts: ReadonlyMap<string, RunPart>;
  /** The run that has begun. */
  #run: KeptRun | undefined;
  #saved: SavedRun | undefined;
  #folder: string | undefined;
  #lock: FolderLock | undefined;
  #checkpoint: Checkpoint | undefined;
  #unwatch: () => void = () => undefined;
  #isTerminated = false;
  #savedAt = 0;
  #turnedAt = 0;
  /** `Math.random`, if it was no seeded generator before the run. */
  #random: typeof Math.random | undefined;

  /**
   * @param options The folder, or all options.
   * @param parts Parts of the run whose state is saved as well, by name.
   * @param identity Options of the run that must not differ when it continues.
   * @throws What `checkpointOptions` throws.
   */
  constructor(
    options: string | CheckpointOptions,
    parts: ReadonlyMap<string, RunPart> = new Map<string, RunPart>(),
    identity: RunIdentity = {},
  ) {
    this.#options = checkpointOptions(options);
    this.#parts = parts;
    this.#identity = identity;
  }

  /** Whether a run has begun. */
  get isOpen(): boolean {
    return this.#saved !== undefined;
  }

  /**
   * Whether the run is in progress. An interrupt may have ended it and skipped its end; the model
   * may then be in another run.
   */
  get #isAlive(): boolean {
    return trained(this.#run)?.isTraining === this;
  }

  async begin(run: KeptRun): Promise<RunPosition | undefined> {
    const { folder: name, keep } = this.#options;
    checkStateless(run);
    this.#run = run;
    trained(run)!.isTraining = this;
    const folder = created(name);
    await this.#claim(folder);
    this.#lock = await lockFolder(folder).catch((error: Error) => {
      throw notWritable(name, error);
    });
    this.#seedRandom();
    this.#savedAt = this.#turnedAt = performance.now();
    const identity = identityOf(run, folder, this.#identity);
    const files = new CheckpointFolder(folder, keep);
    const parts = new Map([...this.#parts, ...partsOf(run.callbacks)]);
    const saved = new SavedRun(run, identity, files, parts);
    const checkpoint = readable(name, () => saved.load());
    this.#saved = saved;
    this.#checkpoint = checkpoint;
    this.#unwatch = watchEndings({
      terminated: () => (this.#isTerminated = true),
      exiting: () => {
        if (this.#isAlive) saved.write();
      },
    });
    if (checkpoint === undefined) return undefined;
    announce(checkpoint, run, name);
    return checkpoint.position;
  }

  restore(): void {
    this.#saved!.restore(this.#checkpoint!);
    // Its tensors are as large as the model.
    this.#checkpoint = undefined;
  }

  async betweenBatches(): Promise<void> {
    const { everySteps } = this.#options;
    if (performance.now() - this.#turnedAt > turnInterval) await this.#turn();
    this.#lock!.check();
    const isDue = this.#isLate || this.#saved!.stepsSince >= everySteps;
    if (isDue || this.#isTerminated) this.#write();
  }

  async save(): Promise<void> {
    await this.#turn();
    this.#lock!.check();
    const { model, epochs, progress } = this.#saved!.run;
    const isEnd =
      progress.batch > 0 || progress.epoch >= epochs || model.stopTraining_;
    const isDue = progress.epoch % this.#options.everyEpochs === 0;
    if (isEnd || isDue || this.#isLate || this.#isTerminated) this.#write();
  }

  async end(): Promise<void> {
    // Signals that have already been sent must still reach our listeners; proper-lockfile's would
    // end the process.
    await nextTurn();
    this.#unwatch();
    this.#unwatch = () => undefined;
    const lock = this.#lock;
    this.#lock = this.#saved = this.#checkpoint = undefined;
    if (this.#random !== undefined) Math.random = this.#random;
    this.#random = undefined;
    await lock?.release();
    const folder = this.#folder;
    if (folder !== undefined && active.get(folder) === this) {
      active.delete(folder);
    }
    this.#folder = this.#run = undefined;
    if (this.#isTerminated) process.exit(terminatedStatus);
  }

  get #isLate(): boolean {
    const { everyMinutes } = this.#options;
    return performance.now() - this.#savedAt >= everyMinutes * 60_000;
  }

  #write(): void {
    this.#saved!.write();
    this.#savedAt = performance.now();
    // The exit's listeners release the lock.
    if (this.#isTerminated) process.exit(terminatedStatus);
  }

  /** Lets signals and messages arrive, which wait for a turn of the event loop. */
  async #turn(): Promise<void> {
    await nextTurn();
    this.#turnedAt = performance.now();
  }

  /** Reserves the folder in this process, even if a run that the kernel ended still holds it. */
  async #claim(folder: string): Promise<void> {
    const other = active.get(folder);
    if (other !== undefined) {
      if (other.#isAlive) {
        throw coded(
          "ERR_LOCKED",
          new Error(
            `Expected a folder of checkpoints that no other run uses, received one that another run of this process is using (${folder})`,
          ),
        );
      }
      await other.end();
    }
    active.set(folder, this);
    this.#folder = folder;
  }

  /** Makes random values depend on a state that can be saved, for the time of the run. */
  #seedRandom(): void {
    if (seedState() !== undefined) return;
    const { random } = Math;
    setSeed(Math.floor(random() * Number.MAX_SAFE_INTEGER));
    this.#random = random;
  }
}

/**
 * Returns the model of a run with tfjs's mark that it is being trained. Its value does not matter
 * to tfjs as long as it is truthy, so it can name who trains it.
 */
function trained(
  run: KeptRun | undefined,
): { isTraining?: unknown } | undefined {
  return run?.model as { isTraining?: unknown } | undefined;
}

/** Creates a folder unless it exists, and returns its path. */
function created(folder: string): string {
  try {
    mkdirSync(folder, { recursive: true });
    return realpathSync(folder);
  } catch (error) {
    throw notWritable(folder, error as Error);
  }
}

/** Gives an error of the file system a code. */
function notWritable(folder: string, cause: Error): Error {
  if ((cause as NodeJS.ErrnoException).code === "ERR_LOCKED") return cause;
  return coded(
    "ERR_DISK",
    new Error(
      `Expected \`checkpoints\` to be a folder that can be written, received ${folder}: ${cause.message}`,
      { cause },
    ),
  );
}

/** Runs a function that reads a folder. Errors of the system become those of the option. */
function readable<Result>(folder: string, read: () => Result): Result {
  try {
    return read();
  } catch (error) {
    if (error instanceof Error && "syscall" in error) {
      throw notWritable(folder, error);
    }
    throw error;
  }
}

/**
 * Stateful recurrent layers pass states from batch to batch; these are not weights, so a checkpoint
 * would lose them.
 */
function checkStateless({ model }: KeptRun): void {
  if (!(model as { stateful?: boolean }).stateful) return;
  throw coded(
    "ERR_UNSUPPORTED",
    new Error(
      "Expected a model without stateful layers for checkpoints, received one with them",
    ),
  );
}

/** Says where a run continues, or that it is finished. */
function announce(
  checkpoint: Checkpoint,
  { epochs }: KeptRun,
  folder: string,
): void {
  const { epoch, batch, isEnded } = checkpoint.position;
  // The Swedish locale formats dates as 2026-11-30 05:38:58.
  const saved = checkpoint.saved.toLocaleString("sv");
  if (isEnded || epoch >= epochs) {
    const end = `Finished before, after epoch ${epoch} of ${epochs}`;
    say(
      `${end}; weights and history are those of the checkpoint in ${folder}, saved ${saved}. To train again, remove the folder`,
    );
    return;
  }
  const step = batch > 0 ? `, step ${batch} of epoch ${epoch + 1}` : "";
  const others = differences(checkpoint.machine, thisMachine());
  const bits =
    others === "" ? "" : `. The last bits may differ, because ${others}`;
  say(
    `Resumed after epoch ${epoch} of ${epochs}${step}; checkpoint in ${folder}, saved ${saved}${bits}`,
  );
}

function say(text: string): void {
  display({ "text/plain": text });
}
