/**
 * The machine hall's switchboard: a step that is first run as tfjs runs it, and after that as a program.
 *
 * For each set of types and shapes, the first two runs are recorded. If the recordings agree, the third run and all that
 * follow are one call of TensorFlow each; if they do not, the step stays as it is, and the reason is said once.
 */
import { fuse, isRecordable } from "../optimizers/fuse";
import { countIteration, noteUpdates } from "../optimizers/applied-optimizer";
import { Recorder, isRecording } from "../recording/recorder";
import { difference, discard, type Recording } from "../recording/recording";
import { isBeingWatched } from "../tfjs/engine-state";
import { tf } from "../tfjs/library";
import { LossNotFinite, Program } from "./program";
import {
  keyOf,
  present,
  type Numbers,
  type StepDefinition,
  type StepInputs,
} from "./step-definition";
import { StepTimes, stepsTogether, type StepsToCome } from "./steps-at-once";

/** How far the step has come for one set of types and shapes. */
type Progress =
  | { readonly phase: "new"; readonly attempts: number }
  | {
      readonly phase: "recorded";
      readonly recording: Recording;
      readonly attempts: number;
    }
  | {
      readonly phase: "compiled";
      readonly program: Program;
      /** Settings of the optimizer that are part of the program; none if the engine writes its update. */
      readonly settings: string | undefined;
      readonly times: StepTimes;
    }
  | { readonly phase: "refused" };

/** Pairs of recordings that are compared before a step is given up; an optimizer's first step makes its variables. */
const mostAttempts = 3;

/** Programs kept for one step; the one used longest ago makes room. */
const mostPrograms = 8;

/** How often a step was run in which way. */
export interface CompilationCounts {
  /** Steps that were run operation by operation. */
  stepByStep: number;
  /** Steps that were run as a program. */
  compiled: number;
  /** Runs in which that was done; fewer than the steps where several were run at once. */
  runs: number;
  /** Programs made. */
  programs: number;
  /** Why steps were not compiled. */
  readonly reasons: Set<string>;
}

/** A step that compiles itself. */
export class CompiledStep {
  readonly counts: CompilationCounts = {
    stepByStep: 0,
    compiled: 0,
    runs: 0,
    programs: 0,
    reasons: new Set(),
  };
  readonly #definition: StepDefinition;
  readonly #progress = new Map<string, Progress>();
  #guarded = true;

  constructor(definition: StepDefinition) {
    this.#definition = definition;
  }

  /** Number of programs that are kept. */
  get programs(): number {
    return [...this.#progress.values()].filter(
      ({ phase }) => phase === "compiled",
    ).length;
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
    if (isRecording() || isBeingWatched()) return 1;
    const key = keyOf(inputs);
    const progress = this.#progress.get(key);
    if (progress?.phase !== "compiled" || !this.#isCurrent(progress)) return 1;
    const { program, times } = progress;
    if (program.steps > 1 || this.#definition.own === undefined) {
      return program.steps;
    }
    const steps = stepsTogether(toCome, times);
    if (steps === 1) return 1;
    const several = program.withSteps(steps);
    this.#progress.set(key, { ...progress, program: several });
    this.counts.programs += 1;
    return several.steps;
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

  /** Forgets everything, as after a change of the model; values that only a program has are brought home. */
  dispose(): void {
    for (const progress of this.#progress.values()) {
      if (progress.phase === "compiled") progress.program.dispose();
      if (progress.phase === "recorded") discard(progress.recording);
    }
    this.#progress.clear();
  }

  #run(inputs: StepInputs): Numbers | readonly tf.Tensor[] {
    if (isRecording() || isBeingWatched()) return this.#definition.run(inputs);
    const key = keyOf(inputs);
    const progress = this.#progress.get(key) ?? { phase: "new", attempts: 0 };
    switch (progress.phase) {
      case "refused":
        return this.#runInTfjs(inputs);
      case "compiled":
        return this.#runProgram(key, progress, inputs);
      default:
        return this.#record(key, progress, inputs);
    }
  }

  #runInTfjs(inputs: StepInputs): readonly tf.Tensor[] {
    this.counts.stepByStep += 1;
    return tf.tidy(() => [...this.#definition.run(inputs)]);
  }

  #runProgram(
    key: string,
    progress: Progress & { phase: "compiled" },
    inputs: StepInputs,
  ): Numbers | readonly tf.Tensor[] {
    if (!this.#isCurrent(progress)) {
      progress.program.dispose();
      this.#progress.delete(key);
      return this.#run(inputs);
    }
    this.#noteUse(key, progress);
    this.counts.compiled += 1;
    this.counts.runs += 1;
    const began = performance.now();
    try {
      const outputs = progress.program.run(present(inputs), this.#guarded);
      progress.times.add(performance.now() - began);
      countIteration(this.#definition.optimizer?.());
      return outputs;
    } catch (error) {
      if (!(error instanceof LossNotFinite)) throw error;
      return this.#explain(inputs);
    }
  }

  #runAll(inputs: readonly StepInputs[]): Float32Array | readonly tf.Tensor[] {
    const key = keyOf(inputs[0]!);
    const progress = this.#progress.get(key);
    if (progress?.phase !== "compiled") {
      throw new Error("Expected a step that can be run several at once");
    }
    this.#noteUse(key, progress);
    this.counts.runs += 1;
    return progress.program.runAll(inputs.map(present), this.#guarded);
  }

  /** Last used, last in the map. */
  #noteUse(key: string, progress: Progress): void {
    this.#progress.delete(key);
    this.#progress.set(key, progress);
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

  /** Whether the settings of the optimizer are still those that are part of the program. */
  #isCurrent({ settings }: Progress & { phase: "compiled" }): boolean {
    return settings === undefined || settings === this.#optimizerSettings();
  }

  #record(
    key: string,
    progress: Progress & { phase: "new" | "recorded" },
    inputs: StepInputs,
  ): readonly tf.Tensor[] {
    this.counts.stepByStep += 1;
    const optimizer = this.#definition.optimizer?.();
    const update = optimizer && fuse(optimizer);
    const recorder = new Recorder(present(inputs));
    if (optimizer && update) noteUpdates(optimizer, recorder);
    const { outputs, recording } = recorder.record(() =>
      this.#definition.run(inputs),
    );
    const obstacle =
      recording.obstacle ??
      (optimizer && !update && !isRecordable(optimizer)
        ? `the optimizer is of a class of its own, ${optimizer.constructor.name}`
        : undefined);
    if (obstacle !== undefined) {
      this.#refuse(key, obstacle);
      discard(recording);
      if (progress.phase === "recorded") discard(progress.recording);
      return outputs;
    }
    if (progress.phase === "new") {
      this.#progress.set(key, { ...progress, phase: "recorded", recording });
      return outputs;
    }
    const reason = difference(progress.recording, recording);
    discard(progress.recording);
    if (reason === undefined) {
      this.#compile(key, recording);
    } else if (progress.attempts + 1 < mostAttempts) {
      const attempts = progress.attempts + 1;
      this.#progress.set(key, { phase: "recorded", recording, attempts });
    } else {
      this.#refuse(key, reason);
      discard(recording);
    }
    return outputs;
  }

  #compile(key: string, recording: Recording): void {
    const optimizer = this.#definition.optimizer?.();
    const update = optimizer && fuse(optimizer);
    try {
      const guardsLoss = optimizer !== undefined;
      const once = { steps: 1, own: this.#definition.own ?? [] };
      const program = new Program(recording, { update, guardsLoss }, once);
      const settings =
        update === undefined ? this.#optimizerSettings() : undefined;
      const times = new StepTimes();
      this.#noteUse(key, { phase: "compiled", program, settings, times });
      this.counts.programs += 1;
    } catch (error) {
      discard(recording);
      this.#refuse(key, `TensorFlow refused the graph: ${String(error)}`);
    }
    this.#makeRoom();
  }

  #makeRoom(): void {
    const compiled = [...this.#progress].filter(
      ([, { phase }]) => phase === "compiled",
    );
    for (const [key, progress] of compiled.slice(0, -mostPrograms)) {
      if (progress.phase === "compiled") progress.program.dispose();
      this.#progress.delete(key);
    }
  }

  #refuse(key: string, reason: string): void {
    this.#progress.set(key, { phase: "refused" });
    if (this.counts.reasons.has(reason)) return;
    this.counts.reasons.add(reason);
    console.warn(
      `convnotes: ${this.#definition.activity} is not compiled but runs operation by operation, as in plain tfjs: ${reason}.`,
    );
  }

  #optimizerSettings(): string | undefined {
    const optimizer = this.#definition.optimizer?.();
    return optimizer && JSON.stringify(optimizer.getConfig());
  }
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
