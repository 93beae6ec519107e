/**
 * A step that runs in tfjs first and as a compiled program afterwards.
 *
 * For each combination of types and shapes, the first run is recorded. The next one is *traced*:
 * its JavaScript runs without computing anything, and its operations are compared with the
 * recording. If they agree, the recording is compiled into a program, which computes the step. What
 * happens afterwards depends on the step's parts. If all are stock, the program runs without any
 * JavaScript until something changes. Otherwise each step is traced, so the user's branches,
 * counters and values take effect. A step that agrees with no recording is computed as tfjs would
 * compute it, and recorded.
 */
import { coded } from "../../notebook/coded-error";
import { isRecording } from "../recording/active-recorder";
import { isTensorFlowBackend } from "../tfjs/backend";
import { isBeingWatched } from "../tfjs/engine-state";
import { tf } from "../tfjs/library";
import { JavaScriptStep } from "./javascript-step";
import { LossNotFinite } from "./step-program";
import {
  presentInputs,
  type ScalarOutputs,
  type StepDefinition,
  type StepInputs,
} from "./step-definition";
import type { DirectStep, StepForm, StepStage } from "./step-form";
import { StepState, type CompilationCounts } from "./step-state";
import {
  stepsPerFreeRun,
  stepsPerRun,
  type UpcomingSteps,
} from "./steps-at-once";

/** A step that compiles itself. */
export class CompiledStep {
  readonly #state: StepState;
  readonly #javaScript: JavaScriptStep;

  constructor(definition: StepDefinition) {
    this.#state = new StepState(definition);
    this.#javaScript = new JavaScriptStep(this.#state);
  }

  /** Number of runs of each kind. */
  get counts(): CompilationCounts {
    return this.#state.counts;
  }

  /** Number of cached programs. */
  get programs(): number {
    return this.#state.forms.programs;
  }

  /** Returns how far the step has come on inputs of these types and shapes. */
  stageOf(inputs: StepInputs): StepStage {
    return this.#state.forms.find(inputs)?.stage ?? "unknown";
  }

  /** The cached programs as text. */
  print(): string[] {
    return this.#state.forms.print();
  }

  /** Runs the step and returns its outputs as numbers. Each output must be a scalar. */
  scalars(inputs: StepInputs): ScalarOutputs {
    const outputs = this.#run(inputs);
    return isListOfTensors(outputs) ? readScalars(outputs) : outputs;
  }

  /**
   * Returns how many steps {@link scalarsOfSeveral} can run at once on such inputs. Returns 1 until
   * the step is compiled and known to be short, and if too few steps remain to make it worthwhile.
   */
  stepsAtOnce(inputs: StepInputs, upcoming: UpcomingSteps): number {
    if (mustRunInTfjs()) return 1;
    const form = this.#state.forms.of(inputs);
    const direct = this.#currentDirect(form);
    if (direct === undefined) return 1;
    const { program } = direct.step;
    if (program.takesBatches) {
      const { now, withRest } = upcoming;
      return stepsPerFreeRun(program.takesRest ? withRest : now, direct.times);
    }
    if (program.path === "native") return 1;
    const steps = this.#stepsOfGraph(direct, upcoming);
    return steps > upcoming.now ? 1 : steps;
  }

  /** Returns how many steps a graph runs at once; recompiles it for several steps if worthwhile. */
  #stepsOfGraph(direct: DirectStep, upcoming: UpcomingSteps): number {
    const { program } = direct.step;
    if (program.steps > 1 || this.#state.definition.perStep === undefined) {
      return program.steps;
    }
    const steps = stepsPerRun(upcoming, direct.times, program.size);
    if (steps === 1) return 1;
    try {
      direct.step.program = program.withSteps(steps);
    } catch {
      // Continue with the existing program, one step at a time.
      direct.times.giveUp();
      return 1;
    }
    this.counts.programs += 1;
    return direct.step.program.steps;
  }

  /**
   * Runs as many steps as {@link stepsAtOnce} returned, in order. Takes the inputs of each step and
   * returns the outputs of each.
   */
  scalarsOfSeveral(inputs: readonly StepInputs[]): ScalarOutputs[] {
    try {
      const outputs = this.#runAll(inputs) as Float32Array;
      this.#state.countCompiled(inputs.length);
      const size = outputs.length / inputs.length;
      return inputs.map((_, step) =>
        outputs.subarray(step * size, (step + 1) * size),
      );
    } catch (error) {
      if (!(error instanceof LossNotFinite)) throw error;
      this.#state.countCompiled(error.step);
      if (this.#state.stopsAtNonFiniteLoss) throw error;
      const explained = readScalars(this.#explain(inputs[error.step]!));
      const rest = inputs.slice(error.step + 1);
      return [
        ...error.outputs,
        explained,
        ...rest.map((each) => this.scalars(each)),
      ];
    }
  }

  /**
   * Runs as many steps as {@link stepsAtOnce} returned. Returns one tensor per output, with the
   * rows of all steps in order.
   */
  rowsOfSeveral(inputs: readonly StepInputs[]): tf.Tensor[] {
    const outputs = this.#runAll(inputs) as readonly tf.Tensor[];
    this.#state.countCompiled(inputs.length);
    return [...outputs];
  }

  /** Runs the step and returns its outputs as tensors, which belong to the caller. */
  tensors(inputs: StepInputs): tf.Tensor[] {
    return tensorsOf(this.#run(inputs));
  }

  /**
   * Runs the step natively, without JavaScript, if that is possible now. Returns its outputs as
   * tensors, which belong to the caller, or undefined. Creates no other tensor, so that it needs no
   * scope.
   */
  nativeTensors(inputs: StepInputs): tf.Tensor[] | undefined {
    if (mustRunInTfjs()) return undefined;
    const form = this.#state.forms.of(inputs);
    if (form.direct?.step.program.path !== "native") return undefined;
    const direct = this.#currentDirect(form);
    if (direct === undefined) return undefined;
    return tensorsOf(this.#runDirect(form, direct, inputs));
  }

  /**
   * Requests an explanation for the next loss that is not finite. After one, losses are no longer
   * checked.
   */
  watchLoss(): void {
    this.#state.isGuarded = true;
  }

  /**
   * Sets whether a program whose loss is not finite throws a {@link LossNotFinite}, before any
   * variable has changed, instead of an explanation.
   */
  stopAtNonFiniteLoss(stops: boolean): void {
    this.#state.stopsAtNonFiniteLoss = stops;
  }

  /**
   * Discards all recordings and programs; values held only by a program are copied to tfjs first.
   */
  dispose(): void {
    this.#state.forms.dispose();
  }

  #run(inputs: StepInputs): ScalarOutputs | readonly tf.Tensor[] {
    if (mustRunInTfjs()) {
      const why = "its operations are observed, or another backend computes";
      this.#state.log.decided(inputs, "operation by operation", why);
      return this.#state.definition.run(inputs);
    }
    const form = this.#state.forms.of(inputs);
    const direct = this.#currentDirect(form);
    if (direct !== undefined) return this.#runDirect(form, direct, inputs);
    form.sightings += 1;
    if (form.isRefused) {
      return this.#state.runInTfjs(inputs, "its compilation was refused");
    }
    if (!this.#state.forms.isWorthwhile(form)) {
      return this.#state.runInTfjs(inputs, "such inputs are too rare so far");
    }
    return this.#javaScript.run(form, inputs);
  }

  /**
   * Returns the program that can run without JavaScript, if there is one and nothing has changed.
   */
  #currentDirect(form: StepForm): DirectStep | undefined {
    const { direct } = form;
    if (direct === undefined) return undefined;
    if (direct.parts.isUnchanged() && this.#state.isUsable(direct.step)) {
      return direct;
    }
    form.endDirect();
    return undefined;
  }

  #runDirect(
    form: StepForm,
    { step, times }: DirectStep,
    inputs: StepInputs,
  ): ScalarOutputs | readonly tf.Tensor[] {
    this.#state.forms.noteUse(form);
    const began = performance.now();
    try {
      const { outputs } = step.program.run(
        presentInputs(inputs),
        this.#state.isGuarded,
      );
      times.add(performance.now() - began);
      form.noteRun(step);
      this.counts.runs += 1;
      const { path } = step.program;
      this.#state.log.decided(inputs, path, "all parts are stock, unchanged");
      if (path === "native") this.counts.native += 1;
      this.#state.countCompiled(1);
      return outputs;
    } catch (error) {
      if (
        !(error instanceof LossNotFinite) ||
        this.#state.stopsAtNonFiniteLoss
      ) {
        throw error;
      }
      return this.#explain(inputs);
    }
  }

  #runAll(inputs: readonly StepInputs[]): Float32Array | readonly tf.Tensor[] {
    const form = this.#state.forms.of(inputs[0]!);
    if (form.direct === undefined) {
      throw coded(
        "ERR_INTERNAL",
        new Error("Expected a step that supports several steps per run"),
      );
    }
    this.#state.forms.noteUse(form);
    this.counts.runs += 1;
    const { program } = form.direct.step;
    const why = "all parts are stock, unchanged";
    this.#state.log.decided(inputs[0]!, program.path, why);
    if (program.path === "native") this.counts.native += inputs.length;
    return program.runAll(inputs.map(presentInputs), this.#state.isGuarded);
  }

  #explain(inputs: StepInputs): readonly tf.Tensor[] {
    this.#state.isGuarded = false;
    const { explainLoss, run } = this.#state.definition;
    return tf.tidy(() => [...(explainLoss ?? run)(inputs)]);
  }
}

/** Whether another recorder or tfjs itself observes operations, or another backend is in use. */
function mustRunInTfjs(): boolean {
  return isRecording() || isBeingWatched() || !isTensorFlowBackend();
}

function readScalars(outputs: readonly tf.Tensor[]): number[] {
  const values = outputs.map((tensor) => tensor.dataSync()[0]!);
  tf.dispose([...outputs]);
  return values;
}

function tensorsOf(outputs: ScalarOutputs | readonly tf.Tensor[]): tf.Tensor[] {
  return isListOfTensors(outputs)
    ? [...outputs]
    : Array.from(outputs, (value) => tf.scalar(value));
}

function isListOfTensors(
  outputs: ScalarOutputs | readonly tf.Tensor[],
): outputs is readonly tf.Tensor[] {
  return Array.isArray(outputs) && typeof outputs[0] !== "number";
}
