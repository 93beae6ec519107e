/**
 * What the ways to run a step have in common: its definition, what is known of it, and how often it was run in which way.
 */
import { note } from "../../notebook/note";
import { countIteration } from "../optimizers/applied-optimizer";
import { fuse } from "../optimizers/fuse";
import type { FusedUpdate } from "../optimizers/fused-update";
import type { ModelParts } from "../parts/model-parts";
import { tf } from "../tfjs/library";
import type { StepDefinition, StepInputs } from "./step-definition";
import type { KnownStep, StepForm } from "./step-form";
import { StepForms } from "./step-forms";

/** Steps after which parts of the user's own are looked at again. */
const looksBetween = 64;

/** How often a step was run in which way. */
export interface CompilationCounts {
  /** Steps that were run operation by operation. */
  stepByStep: number;
  /** Steps that were run as a program. */
  compiled: number;
  /** Those of them that ran natively. */
  native: number;
  /** Those of them whose JavaScript ran too. */
  traced: number;
  /** Runs in which that was done; fewer than the steps where several were run at once. */
  runs: number;
  /** Programs made. */
  programs: number;
  /** Why steps were not compiled. */
  readonly reasons: Set<string>;
  /** Why compiled steps are graphs, where native ones were asked for. */
  readonly notNative: Set<string>;
}

/** A step and all that is known of it. */
export class StepState {
  readonly counts: CompilationCounts = {
    stepByStep: 0,
    compiled: 0,
    native: 0,
    traced: 0,
    runs: 0,
    programs: 0,
    reasons: new Set(),
    notNative: new Set(),
  };
  readonly forms = new StepForms((reason) => this.say(reason));
  readonly definition: StepDefinition;
  /** Whether the next loss that is not finite is explained; after one, losses are no longer looked at. */
  isGuarded = true;
  #parts: ModelParts | undefined;
  #looks = 0;

  constructor(definition: StepDefinition) {
    this.definition = definition;
  }

  /**
   * What the step is made of now. Where some of it is the user's own, it is looked at now and then only: that a step is traced for longer
   * than it has to be costs time, and nothing else.
   */
  currentParts(): ModelParts | undefined {
    const isOwn = this.#parts?.own !== undefined;
    this.#looks += 1;
    const isDue = isOwn
      ? this.#looks % looksBetween === 0
      : !this.#parts?.isUnchanged();
    if (isDue) this.#parts = this.definition.parts?.();
    return this.#parts;
  }

  /** The optimizer's update, if the step applies one that the engine writes. */
  update(): FusedUpdate | undefined {
    const optimizer = this.definition.optimizer?.();
    return optimizer && fuse(optimizer);
  }

  /** Whether the program of a step, if it has one, can still be used. */
  isUsable({ program, mode }: KnownStep, update = this.update()): boolean {
    if (program === undefined) return true;
    return mode === this.definition.mode?.() && program.adopt(update);
  }

  /** Runs the step as tfjs does. */
  runInTfjs(inputs: StepInputs): readonly tf.Tensor[] {
    this.counts.stepByStep += 1;
    return tf.tidy(() => [...this.definition.run(inputs)]);
  }

  /** Counts steps that a program did, for the optimizer too, whose JavaScript did not run. */
  countCompiled(steps: number): void {
    this.counts.compiled += steps;
    for (let step = 0; step < steps; step += 1) {
      countIteration(this.definition.optimizer?.());
    }
  }

  /** Gives a step up, for inputs of this form and as long as its parts stay. */
  refuse(form: StepForm, reason: string): void {
    form.refuse(this.currentParts());
    this.say(reason);
  }

  /** Says why the step is not compiled, once for each reason. */
  say(reason: string): void {
    if (this.counts.reasons.has(reason)) return;
    this.counts.reasons.add(reason);
    note(
      `convnotes: ${this.definition.activity} is not compiled but runs operation by operation, as in plain tfjs: ${reason}.`,
    );
  }
}
