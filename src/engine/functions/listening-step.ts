/**
 * Runs a step's JavaScript, compares what it does with what is known, and has a program do it where that agrees.
 */
import { collectGarbage } from "../collection/garbage-collector";
import { countIteration, noteUpdates } from "../optimizers/applied-optimizer";
import { Matcher, type Match } from "../recording/matcher";
import { Recorder } from "../recording/recorder";
import { ShapeTracer, type InferredRecording } from "../recording/shape-tracer";
import type { InferredStep, TracedStep } from "../recording/heard-step";
import { discard, type Recording } from "../recording/recording";
import type { tf } from "../tfjs/library";
import { isGone } from "../variables/variable-values";
import { Program } from "./program";
import {
  LossNotFinite,
  MustCompile,
  optimizerVariables,
  type RunResult,
  type StepProgram,
} from "./step-program";
import type { StepOptions } from "./step-body";
import {
  present,
  replaced,
  type Numbers,
  type StepInputs,
} from "./step-definition";
import type { DirectStep, KnownStep, StepForm } from "./step-form";
import type { StepState } from "./step-state";
import { StepTimes } from "./steps-at-once";

/** Operations of a step from which on its program is a large one. */
const largeProgram = 600;

/** Recordings of a step of stock parts from which on its settings are taken to change all the time. */
const changingOften = 3;

/** Runs a step in which JavaScript runs too. */
export class ListeningStep {
  readonly #state: StepState;

  constructor(state: StepState) {
    this.#state = state;
  }

  /** Runs the step; numbers if all outputs are scalars and a program did it, else tensors. */
  run(form: StepForm, inputs: StepInputs): Numbers | readonly tf.Tensor[] {
    const { definition, counts } = this.#state;
    const optimizer = definition.optimizer?.();
    const update = this.#state.update();
    for (const step of [...form.known]) {
      if (!this.#state.isUsable(step, update)) form.forget(step);
    }
    const tracer = this.#infersShapes(form)
      ? new ShapeTracer()
      : new Matcher(form.known, this.#mayVary(form));
    const recorder = new Recorder<Match<KnownStep> | InferredRecording>(
      present(inputs),
      tracer,
    );
    if (optimizer && update) noteUpdates(optimizer, recorder);
    const heard = recorder.run((tensors) =>
      definition.run(replaced(inputs, tensors)),
    );
    if ("candidate" in heard) return this.#finish(form, heard, inputs);
    if ("compute" in heard) return this.#finishInferred(form, heard, inputs);
    counts.stepByStep += 1;
    this.#noteRecording(form, heard.recording);
    return heard.outputs;
  }

  /** Whether a step that nothing is known of is traced: where its parts are stock, and another program than a graph may do it. */
  #infersShapes({ known }: StepForm): boolean {
    const { compile, mode } = this.#state.definition;
    const parts = this.#state.currentParts();
    return (
      known.length === 0 &&
      compile !== undefined &&
      mode?.() !== "graph" &&
      parts !== undefined &&
      parts.own === undefined
    );
  }

  /** Has a program do a step of which nothing was known before. Where there is none but a graph, the step is computed, and recorded as others are. */
  #finishInferred(
    form: StepForm,
    inferred: InferredStep,
    inputs: StepInputs,
  ): Numbers | readonly tf.Tensor[] {
    const { recording } = inferred;
    const update = this.#state.update();
    const { updates = [] } = recording;
    update?.begin?.(updates.map(({ variable }) => variable));
    // An optimizer that was disposed of: tfjs says so.
    const isThere = (variable: tf.Variable | undefined) =>
      variable !== undefined && !isGone(variable);
    const areThere =
      !update || optimizerVariables(update, recording).every(isThere);
    // Numbers of JavaScript may be others in the next step: then it is seen which.
    const mayBe = areThere && !recording.dependsOnJavaScript;
    let program: StepProgram | undefined;
    try {
      if (mayBe) program = this.#otherProgram(recording, new Set());
    } catch (error) {
      inferred.abandon();
      discard(recording);
      throw error;
    }
    if (program === undefined) {
      const outputs = inferred.compute();
      this.#state.counts.stepByStep += 1;
      this.#noteRecording(form, recording);
      return outputs;
    }
    const step = form.add(recording);
    this.#takeProgram(form, step, program);
    const { constants, outside } = recording;
    const varying = step.varying;
    const match = { candidate: step, varying, constants, outside };
    const traced = { ...inferred, ...match };
    return this.#finish(form, traced, inputs);
  }

  /** Whether a step may have other numbers than were recorded, which are then fed to its program. */
  #mayVary({ known }: StepForm): boolean {
    const parts = this.#state.currentParts();
    return (
      parts === undefined ||
      parts.own !== undefined ||
      known.length >= changingOften ||
      known.some(({ recording }) => recording.dependsOnJavaScript)
    );
  }

  #noteRecording(form: StepForm, recording: Recording): void {
    const { obstacle } = recording;
    const parts = this.#state.currentParts();
    // A step that is traced brings its own tensors, and the program may dispose of them.
    if (parts?.own !== undefined || obstacle !== undefined) discard(recording);
    if (obstacle === undefined) form.add(recording);
    else form.lower();
    if (obstacle !== undefined && parts && parts.own === undefined) {
      // An optimizer's first step makes its variables.
      if (form.sightings > 1) this.#state.refuse(form, obstacle);
    } else if (form.isHopeless) {
      this.#state.refuse(
        form,
        obstacle ?? "one step executes other operations than the next",
      );
    }
  }

  /** Has a program do a step that was traced. */
  #finish(
    form: StepForm,
    traced: TracedStep<KnownStep>,
    inputs: StepInputs,
  ): Numbers | readonly tf.Tensor[] {
    const step = traced.candidate;
    const { counts, definition } = this.#state;
    const update = this.#state.update();
    const isNewOptimizer =
      update && optimizerVariables(update, step.recording).includes(undefined);
    if (isNewOptimizer) {
      counts.stepByStep += 1;
      return traced.compute();
    }
    let result: RunResult;
    try {
      this.#compile(form, step, traced.varying);
      const { isGuarded } = this.#state;
      result = step.program!.run(present(inputs), isGuarded, traced);
    } catch (error) {
      if (error instanceof LossNotFinite) return this.#explain(traced, inputs);
      if (error instanceof MustCompile) {
        traced.abandon();
        throw error;
      }
      // Where TensorFlow.js fails too, it is with an error that names the operation.
      const outputs = traced.compute();
      counts.stepByStep += 1;
      const reason = `its program could not be made or run: ${messageOf(error)}`;
      this.#state.refuse(form, reason);
      return outputs;
    }
    traced.complete(result.kept);
    form.noteRun(step);
    counts.runs += 1;
    counts.traced += 1;
    counts.compiled += 1;
    if (step.program?.path === "native") counts.native += 1;
    if (update) countIteration(definition.optimizer?.());
    this.#allowDirect(form, step);
    return result.outputs;
  }

  #explain(
    traced: TracedStep<KnownStep>,
    inputs: StepInputs,
  ): readonly tf.Tensor[] {
    this.#state.isGuarded = false;
    const { explainTraced } = this.#state.definition;
    return explainTraced
      ? explainTraced(present(inputs), traced)
      : traced.compute();
  }

  #compile(
    form: StepForm,
    step: KnownStep,
    varying: ReadonlySet<number>,
  ): void {
    const { definition } = this.#state;
    if (step.program !== undefined && varying.size === step.varying.size) {
      return;
    }
    form.endProgram(step);
    step.varying = varying;
    const once = { steps: 1, own: definition.own?.() ?? [] };
    const program =
      this.#otherProgram(step.recording, varying) ??
      new Program(step.recording, this.#options(varying), once);
    this.#takeProgram(form, step, program);
  }

  #options(varying: ReadonlySet<number>): StepOptions {
    return {
      update: this.#state.update(),
      guardsLoss: this.#state.definition.optimizer !== undefined,
      varying,
    };
  }

  /** A program that is no graph, if the step is to have one and can. */
  #otherProgram(
    recording: Recording,
    varying: ReadonlySet<number>,
  ): StepProgram | undefined {
    const { definition, counts } = this.#state;
    const made = definition.compile?.(recording, this.#options(varying));
    if (made === undefined || "path" in made) return made;
    counts.notNative.add(made.reason);
    return undefined;
  }

  #takeProgram(form: StepForm, step: KnownStep, program: StepProgram): void {
    const { definition, counts, forms } = this.#state;
    step.mode = definition.mode?.();
    step.program = program;
    counts.programs += 1;
    forms.makeRoom(form);
    // Writing a large graph leaves more garbage than JavaScript would collect by itself any time soon.
    if (program.size > largeProgram) collectGarbage();
  }

  /** Lets the program be run without JavaScript, if nothing speaks against it. */
  #allowDirect(form: StepForm, step: KnownStep): void {
    const { dependsOnJavaScript, kept } = step.recording;
    if (dependsOnJavaScript || kept.length > 0 || step.varying.size > 0) return;
    const parts = this.#state.currentParts();
    if (parts === undefined || parts.own !== undefined) return;
    form.allowDirect({
      step: step as DirectStep["step"],
      parts,
      times: new StepTimes(),
    });
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
