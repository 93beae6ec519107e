/**
 * A training run and its checkpoints: writes the run's state, and reads it into the run again.
 */
import type { KeptRun } from "../../engine/models/run-keeper";
import type { tf } from "../../engine/tensorflow";
import { coded } from "../../notebook/coded-error";
import { warn } from "../../notebook/note";
import { restoreSeedState, seedState } from "../seed";
import {
  decodeCheckpoint,
  encodeCheckpoint,
  thisMachine,
  type Checkpoint,
} from "./checkpoint-content";
import type { CheckpointFolder } from "./checkpoint-folder";
import { ModelState } from "./model-state";
import { differences, type RunIdentity } from "./run-identity";
import type { RunPart } from "./saved-part";

/** One run. */
export class SavedRun {
  readonly run: KeptRun;
  readonly #identity: RunIdentity;
  readonly #folder: CheckpointFolder;
  readonly #parts: ReadonlyMap<string, RunPart>;
  readonly #model: ModelState;
  readonly #warned = new Set<string>();
  /** Number of steps at the last checkpoint. */
  #steps = -1;

  constructor(
    run: KeptRun,
    identity: RunIdentity,
    folder: CheckpointFolder,
    parts: ReadonlyMap<string, RunPart>,
  ) {
    this.run = run;
    this.#identity = identity;
    this.#folder = folder;
    this.#parts = parts;
    const { model } = run;
    this.#model = new ModelState(
      model as unknown as tf.LayersModel,
      model.optimizer_,
    );
  }

  /**
   * Returns the newest complete checkpoint; undefined if there is none. Warns of damaged ones.
   *
   * @throws RangeError `ERR_INVALID_VALUE` if it belongs to another run, or has more epochs than
   *   this one; the error of a file that cannot be read.
   */
  load(): Checkpoint | undefined {
    const { path } = this.#folder;
    const damages: string[] = [];
    const found = this.#folder.newest(({ message }) => damages.push(message));
    const checkpoint = found && decodeCheckpoint(found.content, found.path);
    for (const message of damages) {
      const instead =
        checkpoint === undefined
          ? "there is none before it, so training begins again"
          : `the one before it is used, of ${placeText(checkpoint)}`;
      warn(`${message}; ${instead}.`);
    }
    if (checkpoint === undefined) return undefined;
    const others = differences(checkpoint.run, this.#identity);
    if (others !== "") {
      throw coded(
        "ERR_INVALID_VALUE",
        new RangeError(
          `Expected a folder with checkpoints of this run, received those of another: ${others} (${path}). Choose another folder, or remove this one`,
        ),
      );
    }
    const { epoch, batch } = checkpoint.position;
    const { epochs } = this.run;
    if (epoch > epochs || (epoch === epochs && batch > 0)) {
      throw coded(
        "ERR_INVALID_VALUE",
        new RangeError(
          `Expected \`epochs\` to be at least ${epoch}, the number of epochs in the checkpoint, received ${epochs} (${path}). Choose another folder, or remove this one`,
        ),
      );
    }
    this.#steps = this.#stepsAt(checkpoint.position);
    return checkpoint;
  }

  /** Gives model, optimizer, `Math.random` and parts the state of a checkpoint. */
  restore({ model, parts, seed }: Checkpoint): void {
    this.#model.restoreState(model);
    for (const [name, part] of this.#parts) {
      const saved = parts[name];
      if (saved !== undefined) part.restoreState(saved);
    }
    if (seed !== undefined) restoreSeedState(seed);
  }

  /** Number of steps since the last checkpoint. */
  get stepsSince(): number {
    return this.#stepsAt(this.run.progress) - Math.max(0, this.#steps);
  }

  /**
   * Writes a checkpoint, unless the run is within a step or has not proceeded since the last one.
   * If that fails, warns once of each reason, and the earlier checkpoints remain.
   */
  write(): void {
    const position = this.run.position();
    if (position === undefined) return;
    const steps = this.#stepsAt(position);
    if (steps === this.#steps) return;
    const parts = [...this.#parts].map(([name, part]) => [name, part.save()]);
    const content = encodeCheckpoint({
      run: this.#identity,
      machine: thisMachine(),
      position,
      seed: seedState(),
      model: this.#model.save(),
      parts: Object.fromEntries(parts) as Checkpoint["parts"],
      saved: new Date(),
    });
    try {
      this.#folder.write(steps, content);
      this.#steps = steps;
    } catch (error) {
      const { code = "", message } = error as NodeJS.ErrnoException;
      if (this.#warned.has(code)) return;
      this.#warned.add(code);
      warn(
        `The checkpoint after step ${steps} could not be written; training goes on, and earlier checkpoints remain: ${message} (${this.#folder.path}).`,
      );
    }
  }

  #stepsAt({ epoch, batch }: KeptRun["progress"]): number {
    const { batchSize, data } = this.run;
    const samples = data[0]?.shape[0] ?? 0;
    return epoch * Math.ceil(samples / batchSize) + batch;
  }
}

/** Returns a checkpoint's place in its run, such as "epoch 3, step 120". */
export function placeText({ position }: Checkpoint): string {
  const { epoch, batch } = position;
  return batch === 0 ? `epoch ${epoch}` : `epoch ${epoch + 1}, step ${batch}`;
}
