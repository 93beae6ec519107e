/**
 * Runs a step together with its JavaScript. Compares its operations with the known recordings, and
 * lets a program compute the step if they agree.
 */
import {
  countIteration,
  observeUpdates,
} from "../optimizers/applied-optimizer";
import { Matcher, type Match } from "../recording/matcher";
import { Recorder } from "../recording/recorder";
import { ShapeTracer, type InferredRecording } from "../recording/shape-tracer";
import type { InferredStep, TracedStep } from "../recording/recorded-step";
import { discard, type Recording } from "../recording/recording";
import type { tf } from "../tfjs/library";
import { isVariableDisposed } from "../variables/variable-values";
import { StepCompiler } from "./step-compiler";
import {
  LossNotFinite,
  MustCompile,
  optimizerVariables,
  type RunResult,
  type StepProgram,
} from "./step-program";
import {
  presentInputs,
  replaceInputs,
  type ScalarOutputs,
  type StepInputs,
} from "./step-definition";
import type { DirectStep, KnownStep, StepForm } from "./step-form";
import type { StepState } from "./step-state";
import { StepTimes } from "./steps-at-once";

/** Number of recordings of a stock step after which its constants are assumed to vary. */
const changingOften = 3;

/** Runs steps whose JavaScript runs too. */
export class JavaScriptStep {
  readonly #state: StepState;
  readonly #compiler: StepCompiler;

  constructor(state: StepState) {
    this.#state = state;
    this.#compiler = new StepCompiler(state);
  }

  /**
   * Runs the step. Returns numbers if all outputs are scalars and a program ran, otherwise tensors.
   */
  run(
    form: StepForm,
    inputs: StepInputs,
  ): ScalarOutputs | readonly tf.Tensor[] {
    const { definition } = this.#state;
    const optimizer = definition.optimizer?.();
    const update = this.#state.update();
    for (const step of [...form.known]) {
      if (!this.#state.isUsable(step, update)) form.forget(step);
    }
    const tracer = this.#infersShapes(form)
      ? new ShapeTracer()
      : new Matcher(form.known, this.#mayVary(form));
    const recorder = new Recorder<Match<KnownStep> | InferredRecording>(
      presentInputs(inputs),
      tracer,
    );
    if (optimizer && update) observeUpdates(optimizer, recorder);
    const recorded = recorder.run((tensors) =>
      definition.run(replaceInputs(inputs, tensors)),
    );
    if ("candidate" in recorded) return this.#finish(form, recorded, inputs);
    if ("compute" in recorded)
      return this.#finishInferred(form, recorded, inputs);
    this.#noteRecording(form, recorded.recording, inputs);
    return recorded.outputs;
  }

  /**
   * Whether a step without recordings is traced by shape inference: if its parts are stock and it
   * may be compiled to something other than a graph.
   */
  #infersShapes({ known }: StepForm): boolean {
    const { compile, mode } = this.#state.definition;
    const parts = this.#state.currentParts();
    return (
      known.length === 0 &&
      compile !== undefined &&
      mode?.() !== "graph" &&
      parts !== undefined &&
      parts.custom === undefined
    );
  }

  /**
   * Lets a program compute a step that was not known before. If only a graph could, the step is
   * computed operation by operation and recorded like any other.
   */
  #finishInferred(
    form: StepForm,
    inferred: InferredStep,
    inputs: StepInputs,
  ): ScalarOutputs | readonly tf.Tensor[] {
    const { recording } = inferred;
    const update = this.#state.update();
    const { updates = [] } = recording;
    update?.begin?.(updates.map(({ variable }) => variable));
    // tfjs throws the error for a disposed optimizer.
    const isThere = (variable: tf.Variable | undefined) =>
      variable !== undefined && !isVariableDisposed(variable);
    const areThere =
      !update || optimizerVariables(update, recording).every(isThere);
    // Values from JavaScript may differ in the next step, which will show which of them do.
    const mayBe = areThere && !recording.dependsOnJavaScript;
    let program: StepProgram | undefined;
    try {
      if (mayBe) program = this.#compiler.withoutGraph(recording, new Set());
    } catch (error) {
      inferred.abandon();
      discard(recording);
      throw error;
    }
    if (program === undefined) {
      const outputs = inferred.compute();
      this.#noteRecording(form, recording, inputs);
      return outputs;
    }
    const step = form.add(recording);
    this.#compiler.take(form, step, program);
    const { constants, outside } = recording;
    const varying = step.varying;
    const match = { candidate: step, varying, constants, outside };
    const traced = { ...inferred, ...match };
    return this.#finish(form, traced, inputs);
  }

  /**
   * Whether a step's constants may differ from the recorded ones; those are then fed to its
   * program.
   */
  #mayVary({ known }: StepForm): boolean {
    const parts = this.#state.currentParts();
    return (
      parts === undefined ||
      parts.custom !== undefined ||
      known.length >= changingOften ||
      known.some(({ recording }) => recording.dependsOnJavaScript)
    );
  }

  #noteRecording(
    form: StepForm,
    recording: Recording,
    inputs: StepInputs,
  ): void {
    const { obstacle } = recording;
    this.#state.counts.stepByStep += 1;
    this.#state.log.recorded(inputs, obstacle, form.known.length);
    const parts = this.#state.currentParts();
    // A traced step provides its own tensors, and the program may dispose of them.
    if (parts?.custom !== undefined || obstacle !== undefined)
      discard(recording);
    if (obstacle === undefined) form.add(recording);
    else form.lowerScore();
    if (obstacle !== undefined && parts && parts.custom === undefined) {
      // An optimizer's first step creates its variables.
      if (form.sightings > 1) this.#state.refuse(form, obstacle);
    } else if (form.isRecordedTooOften) {
      this.#state.refuse(
        form,
        obstacle ?? "one step executes other operations than the next",
      );
    }
  }

  /** Lets a program compute a traced step. */
  #finish(
    form: StepForm,
    traced: TracedStep<KnownStep>,
    inputs: StepInputs,
  ): ScalarOutputs | readonly tf.Tensor[] {
    const step = traced.candidate;
    const { counts, definition } = this.#state;
    const update = this.#state.update();
    const isNewOptimizer =
      update && optimizerVariables(update, step.recording).includes(undefined);
    if (isNewOptimizer) {
      counts.stepByStep += 1;
      this.#state.log.firstOfOptimizer(inputs);
      return traced.compute();
    }
    let result: RunResult;
    try {
      this.#compiler.compile(form, step, traced.varying);
      const { isGuarded } = this.#state;
      result = step.program!.run(presentInputs(inputs), isGuarded, traced);
    } catch (error) {
      const stops =
        this.#state.stopsAtNonFiniteLoss && error instanceof LossNotFinite;
      if (error instanceof LossNotFinite && !stops) {
        return this.#explain(traced, inputs);
      }
      if (stops || error instanceof MustCompile) {
        traced.abandon();
        throw error;
      }
      // If TensorFlow.js fails as well, its error names the operation.
      const outputs = traced.compute();
      counts.stepByStep += 1;
      this.#state.refuse(form, noProgram(error));
      return outputs;
    }
    traced.complete(result.kept);
    form.noteRun(step);
    counts.runs += 1;
    counts.traced += 1;
    counts.compiled += 1;
    if (step.program?.path === "native") counts.native += 1;
    if (update) countIteration(definition.optimizer?.());
    this.#state.log.traced(inputs, step, this.#state.currentParts());
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
      ? explainTraced(presentInputs(inputs), traced)
      : traced.compute();
  }

  /** Allows the program to run without JavaScript, unless something prevents it. */
  #allowDirect(form: StepForm, step: KnownStep): void {
    const { dependsOnJavaScript, kept } = step.recording;
    if (dependsOnJavaScript || kept.length > 0 || step.varying.size > 0) return;
    const parts = this.#state.currentParts();
    if (parts === undefined || parts.custom !== undefined) return;
    form.allowDirect({
      step: step as DirectStep["step"],
      parts,
      times: new StepTimes(),
    });
  }
}

function noProgram(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return `its program could not be made or run: ${message}`;
}
