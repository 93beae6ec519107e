/**
 * Makes the programs of steps.
 */
import { collectGarbage } from "../collection/garbage-collector";
import type { Recording } from "../recording/recording";
import { Program } from "./program";
import type { StepOptions } from "./step-body";
import type { KnownStep, StepForm } from "./step-form";
import type { StepProgram } from "./step-program";
import type { StepState } from "./step-state";

/** Number of operations above which a program counts as large. */
const largeProgram = 600;

/** Makes programs for the forms of one compiled function. */
export class StepCompiler {
  readonly #state: StepState;

  constructor(state: StepState) {
    this.#state = state;
  }

  /** Makes a program for a known step if it has none with these varying constants. */
  compile(form: StepForm, step: KnownStep, varying: ReadonlySet<number>): void {
    const { definition } = this.#state;
    if (step.program !== undefined && varying.size === step.varying.size) {
      return;
    }
    form.endProgram(step);
    step.varying = varying;
    const once = { steps: 1, perStep: definition.perStep?.() ?? [] };
    const program =
      this.withoutGraph(step.recording, varying) ??
      new Program(step.recording, this.#options(varying), once);
    this.take(form, step, program);
  }

  #options(varying: ReadonlySet<number>): StepOptions {
    return {
      update: this.#state.update(),
      guardsLoss: this.#state.definition.optimizer !== undefined,
      varying,
    };
  }

  /** Returns a program that is not a graph, if one is requested and possible. */
  withoutGraph(
    recording: Recording,
    varying: ReadonlySet<number>,
  ): StepProgram | undefined {
    const { definition, counts } = this.#state;
    const made = definition.compile?.(recording, this.#options(varying));
    if (made === undefined || "path" in made) return made;
    counts.nativeObstacles.add(made.reason);
    this.#state.log.notNative(made.reason);
    return undefined;
  }

  /** Gives a program to a known step. */
  take(form: StepForm, step: KnownStep, program: StepProgram): void {
    const { definition, counts, forms } = this.#state;
    step.mode = definition.mode?.();
    step.program = program;
    counts.programs += 1;
    this.#state.log.compiled(program);
    forms.evictPrograms(form);
    // Writing a large graph leaves garbage that JavaScript would not collect soon on its own.
    if (program.size > largeProgram) collectGarbage();
  }
}
