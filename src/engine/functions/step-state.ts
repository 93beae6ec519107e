/**
 * State shared by all ways to run a step: its definition, its forms and its counts.
 */
import { note } from "../../notebook/note";
import { countIteration } from "../optimizers/applied-optimizer";
import { fuse } from "../optimizers/fuse";
import type { FusedUpdate } from "../optimizers/fused-update";
import type { ModelParts } from "../parts/model-parts";
import { tf } from "../tfjs/library";
import { DecisionLog } from "./decision-log";
import type { StepDefinition, StepInputs } from "./step-definition";
import type { KnownStep, StepForm } from "./step-form";
import { StepForms } from "./step-forms";

/** Number of steps between two checks of custom parts. */
const stepsBetweenChecks = 64;

/** Number of runs of each kind. */
export interface CompilationCounts {
  /** Steps that ran operation by operation. */
  stepByStep: number;
  /** Steps that ran as a program. */
  compiled: number;
  /** Compiled steps that ran natively. */
  native: number;
  /** Compiled steps whose JavaScript ran too. */
  traced: number;
  /** Runs of compiled steps; fewer than the steps if several ran at once. */
  runs: number;
  /** Programs compiled. */
  programs: number;
  /** Why steps were not compiled. */
  readonly reasons: Set<string>;
  /** Why compiled steps are graphs although native programs were requested. */
  readonly nativeObstacles: Set<string>;
}

/** A step's definition, its forms and its counts. */
export class StepState {
  readonly counts: CompilationCounts = {
    stepByStep: 0,
    compiled: 0,
    native: 0,
    traced: 0,
    runs: 0,
    programs: 0,
    reasons: new Set(),
    nativeObstacles: new Set(),
  };
  readonly forms = new StepForms((reason) => this.report(reason));
  readonly definition: StepDefinition;
  readonly log: DecisionLog;
  /**
   * Whether the next loss that is not finite is explained; after one, losses are no longer checked.
   */
  isGuarded = true;
  /** Whether a loss that is not finite ends the run, before any variable has changed. */
  stopsAtNonFiniteLoss = false;
  #parts: ModelParts | undefined;
  #checks = 0;

  constructor(definition: StepDefinition) {
    this.definition = definition;
    this.log = new DecisionLog(definition.activity);
  }

  /**
   * Returns the current parts of the step. Custom parts are checked only at intervals: tracing a
   * step for longer than necessary costs time, but is not wrong.
   */
  currentParts(): ModelParts | undefined {
    const isCustom = this.#parts?.custom !== undefined;
    this.#checks += 1;
    const isDue = isCustom
      ? this.#checks % stepsBetweenChecks === 0
      : !this.#parts?.isUnchanged();
    if (isDue) this.#parts = this.definition.parts?.();
    return this.#parts;
  }

  /** Returns the optimizer's update, if the step applies one that the engine writes. */
  update(): FusedUpdate | undefined {
    const optimizer = this.definition.optimizer?.();
    return optimizer && fuse(optimizer);
  }

  /** Whether the program of a step, if it has one, can still be used. */
  isUsable({ program, mode }: KnownStep, update = this.update()): boolean {
    if (program === undefined) return true;
    return mode === this.definition.mode?.() && program.adopt(update);
  }

  /** Runs the step in tfjs, for the given reason. */
  runInTfjs(inputs: StepInputs, why: string): readonly tf.Tensor[] {
    this.log.decided(inputs, "operation by operation", why);
    this.counts.stepByStep += 1;
    return tf.tidy(() => [...this.definition.run(inputs)]);
  }

  /** Counts compiled steps, also for the optimizer, whose JavaScript did not run. */
  countCompiled(steps: number): void {
    this.counts.compiled += steps;
    for (let step = 0; step < steps; step += 1) {
      countIteration(this.definition.optimizer?.());
    }
  }

  /** Refuses to compile a step for inputs of this form, as long as its parts are unchanged. */
  refuse(form: StepForm, reason: string): void {
    form.refuse(this.currentParts());
    this.log.refused(reason);
    this.report(reason);
  }

  /** Reports why the step is not compiled, once per reason. */
  report(reason: string): void {
    if (this.counts.reasons.has(reason)) return;
    this.counts.reasons.add(reason);
    note(
      `convnotes: ${this.definition.activity} is not compiled but runs operation by operation, as in plain tfjs: ${reason}.`,
    );
  }
}
