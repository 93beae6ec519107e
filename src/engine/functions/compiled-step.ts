/**
 * A step that is first run as tfjs runs it, and after that as a program.
 *
 * For each set of types and shapes, the first run is recorded. The next one is *traced*: its JavaScript runs, nothing is computed, and
 * what it would compute is compared with the recording. If both agree, the recording is made into a program, which does the step. What
 * comes after that depends on the step's parts. If all are stock, the program is run without any JavaScript for as long as nothing has
 * changed. If not, each step is traced, so that branches, counters and numbers of the user's count; a step that no recording
 * agrees with is computed as tfjs would do it, and recorded.
 */
import { isRecording } from "../recording/listening";
import { isTensorFlowBackend } from "../tfjs/backend";
import { isBeingWatched } from "../tfjs/engine-state";
import { tf } from "../tfjs/library";
import { ListeningStep } from "./listening-step";
import { LossNotFinite } from "./step-program";
import {
  keyOf,
  present,
  type Numbers,
  type StepDefinition,
  type StepInputs,
} from "./step-definition";
import type { DirectStep, StepForm } from "./step-form";
import { StepState, type CompilationCounts } from "./step-state";
import {
  stepsOfMoment,
  stepsTogether,
  type StepsToCome,
} from "./steps-at-once";

/** A step that compiles itself. */
export class CompiledStep {
  readonly #state: StepState;
  readonly #listening: ListeningStep;

  constructor(definition: StepDefinition) {
    this.#state = new StepState(definition);
    this.#listening = new ListeningStep(this.#state);
  }

  /** How often it was run in which way. */
  get counts(): CompilationCounts {
    return this.#state.counts;
  }

  /** Number of programs that are kept. */
  get programs(): number {
    return this.#state.forms.programs;
  }

  /** The programs that are kept, as text. */
  print(): string[] {
    return this.#state.forms.print();
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
    const form = this.#state.forms.of(keyOf(inputs));
    const direct = this.#currentDirect(form);
    if (direct === undefined) return 1;
    const { program } = direct.step;
    if (program.takesBatches) {
      const { now, withRest } = toCome;
      return stepsOfMoment(program.takesRest ? withRest : now, direct.times);
    }
    if (program.path === "native") return 1;
    const steps = this.#stepsOfGraph(direct, toCome);
    return steps > toCome.now ? 1 : steps;
  }

  /** The steps that a graph does in one run, which is made for as many where that pays. */
  #stepsOfGraph(direct: DirectStep, toCome: StepsToCome): number {
    const { program } = direct.step;
    if (program.steps > 1 || this.#state.definition.own === undefined) {
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
      this.#state.countCompiled(inputs.length);
      const size = outputs.length / inputs.length;
      return inputs.map((_, step) =>
        outputs.subarray(step * size, (step + 1) * size),
      );
    } catch (error) {
      if (!(error instanceof LossNotFinite)) throw error;
      this.#state.countCompiled(error.step);
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
    this.#state.countCompiled(inputs.length);
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
    this.#state.isGuarded = true;
  }

  /** Forgets everything; values that only a program has are brought to tfjs. */
  dispose(): void {
    this.#state.forms.dispose();
  }

  #run(inputs: StepInputs): Numbers | readonly tf.Tensor[] {
    if (mustRunInTfjs()) return this.#state.definition.run(inputs);
    const form = this.#state.forms.of(keyOf(inputs));
    const direct = this.#currentDirect(form);
    if (direct !== undefined) return this.#runDirect(form, direct, inputs);
    form.sightings += 1;
    if (form.isRefused || !this.#state.forms.isWorthwhile(form)) {
      return this.#state.runInTfjs(inputs);
    }
    return this.#listening.run(form, inputs);
  }

  /** The program that may be run without JavaScript, if there is one and nothing has changed. */
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
  ): Numbers | readonly tf.Tensor[] {
    this.#state.forms.noteUse(form);
    const began = performance.now();
    try {
      const { outputs } = step.program!.run(
        present(inputs),
        this.#state.isGuarded,
      );
      times.add(performance.now() - began);
      form.noteRun(step);
      this.counts.runs += 1;
      if (step.program.path === "native") this.counts.native += 1;
      this.#state.countCompiled(1);
      return outputs;
    } catch (error) {
      if (!(error instanceof LossNotFinite)) throw error;
      return this.#explain(inputs);
    }
  }

  #runAll(inputs: readonly StepInputs[]): Float32Array | readonly tf.Tensor[] {
    const form = this.#state.forms.of(keyOf(inputs[0]!));
    if (form.direct === undefined) {
      throw new Error("Expected a step that can be run several at once");
    }
    this.#state.forms.noteUse(form);
    this.counts.runs += 1;
    const { program } = form.direct.step;
    if (program.path === "native") this.counts.native += inputs.length;
    return program.runAll(inputs.map(present), this.#state.isGuarded);
  }

  #explain(inputs: StepInputs): readonly tf.Tensor[] {
    this.#state.isGuarded = false;
    const { explainLoss, run } = this.#state.definition;
    return tf.tidy(() => [...(explainLoss ?? run)(inputs)]);
  }
}

/** Whether somebody else listens, or another backend of tfjs's computes. */
function mustRunInTfjs(): boolean {
  return isRecording() || isBeingWatched() || !isTensorFlowBackend();
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
