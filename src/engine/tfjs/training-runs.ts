/**
 * Follows the training runs of models, so that they can be stopped.
 *
 * The class of the models is a parameter, and this module loads no tfjs: a notebook may use a copy
 * of its own.
 */
import { hookMethod } from "./hook";

/** The members of a tfjs model that its training sets and reads. */
interface TrainedModel {
  /** Set to true, training stops after the current batch. */
  stopTraining: boolean;
  /** Whether `fit` is running, which must not be called again meanwhile. */
  isTraining?: boolean;
}

/** `fit` or `fitDataset`. */
type Train = (this: TrainedModel, ...parameters: never[]) => Promise<unknown>;

/** The prototype of tfjs's models. */
export type ModelPrototype = Record<"fit" | "fitDataset", Train>;

/** The training runs of one copy of tfjs. */
export class TrainingRuns {
  readonly #active = new Set<TrainedModel>();
  /** Why the training of a model was stopped. */
  readonly #reasons = new WeakMap<TrainedModel, Error>();
  #changed: (activeRuns: number) => void = () => undefined;

  /** @param prototype The prototype of the models to follow. */
  constructor(prototype: ModelPrototype) {
    for (const name of ["fit", "fitDataset"] as const) {
      hookMethod(prototype, name, (train) => this.#followed(train));
    }
  }

  /** Calls `changed` with the number of active runs whenever it has changed. */
  watch(changed: (activeRuns: number) => void): void {
    this.#changed = changed;
  }

  /** Stops all runs after their current batch; their `fit` rejects with the reason. */
  interrupt(reason: Error): void {
    for (const model of this.#active) {
      model.stopTraining = true;
      this.#reasons.set(model, reason);
    }
  }

  /** Marks all runs as ended after their code was ended at once, so that models can be trained. */
  ended(): void {
    for (const model of this.#active) model.isTraining = false;
    this.#active.clear();
    this.#changed(0);
  }

  #followed(train: Train): Train {
    const active = this.#active;
    const reasons = this.#reasons;
    const count = () => this.#changed(active.size);
    return async function (this: TrainedModel, ...parameters) {
      active.add(this);
      count();
      reasons.delete(this);
      try {
        const history = await train.apply(this, parameters);
        const reason = reasons.get(this);
        // As in Keras, the call throws; the results so far are in `model.history`.
        if (reason !== undefined) throw reason;
        return history;
      } finally {
        reasons.delete(this);
        active.delete(this);
        count();
      }
    };
  }
}
