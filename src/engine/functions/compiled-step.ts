/**
 * A step that is first run as tfjs runs it, and after that as a program.
 *
 * For each set of types and shapes, the first run is recorded. The next one is *traced*: its JavaScript runs, nothing is computed, and
 * what it would compute is compared with the recording. If both agree, the recording is made into a program, which does the step. What
 * comes after that depends on the step's parts. If all are stock, the program is run without any JavaScript for as long as nothing has
 * changed. If not, each step is traced, so that branches, counters and numbers of the user's count; a step that no recording
 * agrees with is computed as tfjs would do it, and recorded.
 */
import { note } from "../../notebook/note";
import { collectGarbage } from "../collection/garbage-collector";
import { countIteration, noteUpdates } from "../optimizers/applied-optimizer";
import { fuse } from "../optimizers/fuse";
import type { ModelParts } from "../parts/model-parts";
import { Recorder, isRecording, type TracedStep } from "../recording/recorder";
import { discard, type Recording } from "../recording/recording";
import { isTensorFlowBackend } from "../tfjs/backend";
import { isBeingWatched } from "../tfjs/engine-state";
import { tf } from "../tfjs/library";
import { LossNotFinite, optimizerVariables, Program } from "./program";
import {
  keyOf,
  present,
  replaced,
  type Numbers,
  type StepDefinition,
  type StepInputs,
} from "./step-definition";
import { StepForm, type DirectStep, type KnownStep } from "./step-form";
import { StepForms } from "./step-forms";
import { StepTimes, stepsTogether, type StepsToCome } from "./steps-at-once";

/** How often a step was run in which way. */
export interface CompilationCounts {
  /** Steps that were run operation by operation. */
  stepByStep: number;
  /** Steps that were run as a program. */
  compiled: number;
  /** Those of them whose JavaScript ran too. */
  traced: number;
  /** Runs in which that was done; fewer than the steps where several were run at once. */
  runs: number;
  /** Programs made. */
  programs: number;
  /** Why steps were not compiled. */
  readonly reasons: Set<string>;
}

/** Steps after which parts of the user's own are looked at again. */
const looksBetween = 64;

/** Operations of a step from which on its program is a large one. */
const largeProgram = 600;

/** Recordings of a step of stock parts from which on its settings are taken to change all the time. */
const changingOften = 3;

/** A step that compiles itself. */
export class CompiledStep {
  readonly counts: CompilationCounts = {
    stepByStep: 0,
    compiled: 0,
    traced: 0,
    runs: 0,
    programs: 0,
    reasons: new Set(),
  };
  readonly #definition: StepDefinition;
  readonly #forms = new StepForms((reason) => this.#say(reason));
  #parts: ModelParts | undefined;
  #looks = 0;
  #guarded = true;

  constructor(definition: StepDefinition) {
    this.#definition = definition;
  }

  /** Number of programs that are kept. */
  get programs(): number {
    return this.#forms.programs;
  }

  /** Runs the step; the outputs are numbers. Each output must be a scalar. */
  numbers(inputs: StepInputs): Numbers {
    const outputs = this.#run(inputs);
    return isListOfTensors(outputs) ? numbersOf(outputs) : outputs;
  }

  /**
   * How many steps {@link numbersOfSeveral} can do at once on such inputs; 1 until the step is compiled and known to be a short
   * one, and if too few steps are to come for that to pay.
   */
  stepsAtOnce(inputs: StepInputs, toCome: StepsToCome): number {
    if (mustRunInTfjs()) return 1;
    const form = this.#forms.of(keyOf(inputs));
    const direct = this.#currentDirect(form);
    if (direct === undefined) return 1;
    const { program } = direct.step;
    if (program.steps > 1 || this.#definition.own === undefined) {
      return program.steps;
    }
    const steps = stepsTogether(toCome, direct.times, program.size);
    if (steps === 1) return 1;
    try {
      direct.step.program = program.withSteps(steps);
    } catch {
      // One by one, then: the program that there is goes on.
      direct.times.giveUp();
      return 1;
    }
    this.counts.programs += 1;
    return direct.step.program.steps;
  }

  /** Runs as many steps as {@link stepsAtOnce} said, one after the other; the inputs and the outputs of each. */
  numbersOfSeveral(inputs: readonly StepInputs[]): Numbers[] {
    try {
      const outputs = this.#runAll(inputs) as Float32Array;
      this.#countCompiled(inputs.length);
      const size = outputs.length / inputs.length;
      return inputs.map((_, step) =>
        outputs.subarray(step * size, (step + 1) * size),
      );
    } catch (error) {
      if (!(error instanceof LossNotFinite)) throw error;
      this.#countCompiled(error.step);
      const explained = numbersOf(this.#explain(inputs[error.step]!));
      const rest = inputs.slice(error.step + 1);
      return [
        ...error.outputs,
        explained,
        ...rest.map((each) => this.numbers(each)),
      ];
    }
  }

  /** Runs as many steps as {@link stepsAtOnce} said; each output of all steps as one tensor, one step's rows after the other's. */
  rowsOfSeveral(inputs: readonly StepInputs[]): tf.Tensor[] {
    const outputs = this.#runAll(inputs) as readonly tf.Tensor[];
    this.#countCompiled(inputs.length);
    return [...outputs];
  }

  /** Runs the step; the outputs are tensors, which belong to the caller. */
  tensors(inputs: StepInputs): tf.Tensor[] {
    const outputs = this.#run(inputs);
    return isListOfTensors(outputs)
      ? [...outputs]
      : Array.from(outputs, (value) => tf.scalar(value));
  }

  /** Lets the next loss that is not finite be explained; after one, losses are no longer looked at. */
  watchLoss(): void {
    this.#guarded = true;
  }

  /** Forgets everything; values that only a program has are brought to tfjs. */
  dispose(): void {
    this.#forms.dispose();
  }

  #run(inputs: StepInputs): Numbers | readonly tf.Tensor[] {
    if (mustRunInTfjs()) return this.#definition.run(inputs);
    const form = this.#forms.of(keyOf(inputs));
    const direct = this.#currentDirect(form);
    if (direct !== undefined) return this.#runDirect(form, direct, inputs);
    form.sightings += 1;
    if (!this.#forms.isWorthwhile(form)) return this.#runInTfjs(inputs);
    if (form.isRefused) {
      const { refusedParts } = form;
      if (refusedParts?.isUnchanged() ?? true) return this.#runInTfjs(inputs);
      form.isRefused = false;
    }
    return this.#listen(form, inputs);
  }

  /**
   * What the step is made of now. Where some of it is the user's own, it is looked at now and then only: that a step is traced for longer
   * than it has to be costs time, and nothing else.
   */
  #currentParts(): ModelParts | undefined {
    const isOwn = this.#parts?.own !== undefined;
    this.#looks += 1;
    const isDue = !isOwn || this.#looks % looksBetween === 0;
    if (isDue && !this.#parts?.isUnchanged()) {
      this.#parts = this.#definition.parts?.();
    }
    return this.#parts;
  }

  #runInTfjs(inputs: StepInputs): readonly tf.Tensor[] {
    this.counts.stepByStep += 1;
    return tf.tidy(() => [...this.#definition.run(inputs)]);
  }

  /** The program that may be run without JavaScript, if there is one and nothing has changed. */
  #currentDirect(form: StepForm): DirectStep | undefined {
    const { direct } = form;
    if (direct === undefined) return undefined;
    if (direct.parts.isUnchanged() && this.#isUsable(direct.step)) {
      return direct;
    }
    form.endDirect();
    return undefined;
  }

  #isUsable({ program }: KnownStep): boolean {
    return program?.adopt(this.#update()) ?? true;
  }

  #update() {
    const optimizer = this.#definition.optimizer?.();
    return optimizer && fuse(optimizer);
  }

  #runDirect(
    form: StepForm,
    { step, times }: DirectStep,
    inputs: StepInputs,
  ): Numbers | readonly tf.Tensor[] {
    this.#forms.noteUse(form);
    const began = performance.now();
    try {
      const { outputs } = step.program!.run(present(inputs), this.#guarded);
      times.add(performance.now() - began);
      form.noteRun(step);
      this.counts.runs += 1;
      this.#countCompiled(1);
      return outputs;
    } catch (error) {
      if (!(error instanceof LossNotFinite)) throw error;
      return this.#explain(inputs);
    }
  }

  #runAll(inputs: readonly StepInputs[]): Float32Array | readonly tf.Tensor[] {
    const form = this.#forms.of(keyOf(inputs[0]!));
    if (form.direct === undefined) {
      throw new Error("Expected a step that can be run several at once");
    }
    this.#forms.noteUse(form);
    this.counts.runs += 1;
    const { program } = form.direct.step;
    return program.runAll(inputs.map(present), this.#guarded);
  }

  #countCompiled(steps: number): void {
    this.counts.compiled += steps;
    for (let step = 0; step < steps; step += 1) {
      countIteration(this.#definition.optimizer?.());
    }
  }

  #explain(inputs: StepInputs): readonly tf.Tensor[] {
    this.#guarded = false;
    const { explainLoss, run } = this.#definition;
    return tf.tidy(() => [...(explainLoss ?? run)(inputs)]);
  }

  /** Runs the step's JavaScript, and compares what it does with what is known. */
  #listen(form: StepForm, inputs: StepInputs): Numbers | readonly tf.Tensor[] {
    const parts = this.#currentParts();
    const optimizer = this.#definition.optimizer?.();
    for (const step of [...form.known]) {
      if (!this.#isUsable(step)) form.forget(step);
    }
    const mayVary =
      parts === undefined ||
      parts.own !== undefined ||
      form.known.length >= changingOften ||
      form.known.some(({ recording }) => recording.dependsOnJavaScript);
    const recorder = new Recorder(present(inputs), form.known, mayVary);
    if (optimizer && fuse(optimizer)) noteUpdates(optimizer, recorder);
    const heard = recorder.run((tensors) =>
      this.#definition.run(replaced(inputs, tensors)),
    );
    if ("recording" in heard) {
      this.counts.stepByStep += 1;
      this.#noteRecording(form, heard.recording);
      return heard.outputs;
    }
    return this.#finish(form, heard, inputs);
  }

  #noteRecording(form: StepForm, recording: Recording): void {
    const { obstacle } = recording;
    const parts = this.#currentParts();
    // A step that is traced brings its own tensors, and the program may dispose of them.
    if (parts?.own !== undefined || obstacle !== undefined) discard(recording);
    if (obstacle === undefined) form.add(recording);
    else form.lower();
    if (obstacle !== undefined && parts && parts.own === undefined) {
      // An optimizer's first step makes its variables.
      if (form.sightings > 1) this.#refuse(form, obstacle);
    } else if (form.isHopeless) {
      this.#refuse(
        form,
        obstacle ?? "one step executes other operations than the next",
      );
    }
  }

  /** Does a step that was traced, by a program. */
  #finish(
    form: StepForm,
    traced: TracedStep<KnownStep>,
    inputs: StepInputs,
  ): Numbers | readonly tf.Tensor[] {
    const step = traced.candidate;
    const update = this.#update();
    if (
      update &&
      optimizerVariables(update, step.recording).includes(undefined)
    ) {
      // The optimizer is a new one.
      this.counts.stepByStep += 1;
      return traced.compute();
    }
    try {
      this.#compile(form, step, traced.varying);
    } catch (error) {
      this.counts.stepByStep += 1;
      const outputs = traced.compute();
      this.#refuse(form, `its program could not be made: ${messageOf(error)}`);
      return outputs;
    }
    try {
      const { outputs, kept } = step.program!.run(
        present(inputs),
        this.#guarded,
        traced,
      );
      traced.complete(kept);
      form.noteRun(step);
      this.counts.runs += 1;
      this.counts.traced += 1;
      this.counts.compiled += 1;
      if (update) countIteration(this.#definition.optimizer?.());
      this.#allowDirect(form, step);
      return outputs;
    } catch (error) {
      if (!(error instanceof LossNotFinite)) throw error;
      this.#guarded = false;
      const { explainTraced } = this.#definition;
      return explainTraced
        ? explainTraced(present(inputs), traced)
        : traced.compute();
    }
  }

  #compile(
    form: StepForm,
    step: KnownStep,
    varying: ReadonlySet<number>,
  ): void {
    if (step.program !== undefined && varying.size === step.varying.size) {
      return;
    }
    form.endProgram(step);
    step.varying = varying;
    const options = {
      update: this.#update(),
      guardsLoss: this.#definition.optimizer !== undefined,
      varying,
    };
    const once = { steps: 1, own: this.#definition.own?.() ?? [] };
    step.program = new Program(step.recording, options, once);
    this.counts.programs += 1;
    this.#forms.makeRoom(form);
    // Writing a large graph leaves more garbage than JavaScript would collect by itself any time soon.
    if (step.program.size > largeProgram) collectGarbage();
  }

  /** Lets the program be run without JavaScript, if nothing speaks against it. */
  #allowDirect(form: StepForm, step: KnownStep): void {
    const { dependsOnJavaScript, kept } = step.recording;
    if (dependsOnJavaScript || kept.length > 0 || step.varying.size > 0) return;
    const parts = this.#currentParts();
    if (parts === undefined || parts.own !== undefined) return;
    form.allowDirect({
      step: step as DirectStep["step"],
      parts,
      times: new StepTimes(),
    });
  }

  #refuse(form: StepForm, reason: string): void {
    form.dispose();
    form.isRefused = true;
    form.refusedParts = this.#currentParts();
    this.#say(reason);
  }

  #say(reason: string): void {
    if (this.counts.reasons.has(reason)) return;
    this.counts.reasons.add(reason);
    note(
      `convnotes: ${this.#definition.activity} is not compiled but runs operation by operation, as in plain tfjs: ${reason}.`,
    );
  }
}

/** Whether somebody else listens, or another backend of tfjs's computes. */
function mustRunInTfjs(): boolean {
  return isRecording() || isBeingWatched() || !isTensorFlowBackend();
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function numbersOf(outputs: readonly tf.Tensor[]): number[] {
  const values = outputs.map((tensor) => tensor.dataSync()[0]!);
  tf.dispose([...outputs]);
  return values;
}

function isListOfTensors(
  outputs: Numbers | readonly tf.Tensor[],
): outputs is readonly tf.Tensor[] {
  return Array.isArray(outputs) && typeof outputs[0] !== "number";
}
