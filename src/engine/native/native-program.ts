/**
 * A recorded step as a native program: its weights are arrays that all programs share, its data are read where they are.
 */
import {
  isUsableFor,
  LossNotFinite,
  optimizerState,
  optimizerVariables,
  type RunResult,
  type RunTensors,
  type StepProgram,
} from "../functions/step-program";
import type { StepOptions } from "../functions/step-body";
import type { FusedUpdate } from "../optimizers/fused-update";
import { discard, type Recording } from "../recording/recording";
import { tf } from "../tfjs/library";
import type { NativeAddon, NativeHandle } from "./addon";
import { lower, type NativeStep } from "./lower";
import { evaluateKey } from "./lower-random";
import { nativeVariable, type NativeVariable } from "./native-variable";
import { floatsOf, tensorOf, valuesOf } from "../tfjs/tensor-numbers";
import { threads } from "./threads";
import { commonState, nextCommon, settingsOf } from "./update-forms";
import { vectors } from "./vectors";

/** For steps that are given nothing but their data. */
const noIntegers = new Int32Array();
const noNumbers = new Float32Array();

/** A step that runs natively. */
export class NativeProgram implements StepProgram {
  readonly path = "native";
  readonly steps = 1;
  readonly takesBatches: boolean;
  readonly takesRest: boolean;
  readonly size: number;
  readonly #addon: NativeAddon;
  readonly #handle: NativeHandle;
  readonly #step: NativeStep;
  readonly #recording: Recording;
  readonly #variables: readonly NativeVariable[];
  readonly #changed: readonly NativeVariable[];
  /** Whether nothing changes what is computed of weights alone. */
  readonly #keepsWeights: boolean;
  /** What the optimizer keeps for all weights together, such as the powers of its decays. */
  readonly #common: readonly NativeVariable[];
  readonly #written: readonly unknown[];
  readonly #bound = new Map<number, Float32Array>();
  readonly #order: Int32Array;
  /** Buffer and count of each output, for the addon. */
  readonly #wanted: Int32Array;
  /** Of the variables, the versions that the last run had. */
  readonly #versions: number[] = [];
  #hasRun = false;
  #update: FusedUpdate | undefined;

  /**
   * @throws {NotNative} With the reason, if the step is not to be had natively.
   */
  constructor(
    addon: NativeAddon,
    recording: Recording,
    options: StepOptions,
    picksSamples: boolean,
  ) {
    const step = lower(recording, options, picksSamples);
    this.#addon = addon;
    this.#step = step;
    this.#recording = recording;
    this.#update = options.update;
    this.size = recording.operations.length;
    this.#written = optimizerState(options.update, recording);
    const changed = changedVariables(recording, options);
    this.#keepsWeights = step.preparesFromWeights && changed.size === 0;
    this.#handle = addon.create(
      step.program.integers,
      step.program.numbers,
      threads(),
      vectors(addon),
      this.#keepsWeights,
      step.isPerSample,
    );
    this.#order = Int32Array.from({ length: step.samples }, (_, row) => row);
    for (const binding of step.bindings) {
      if (binding.from === "constant") {
        this.#bind(binding.buffer, binding.values);
      }
    }
    const variables = step.bindings.flatMap((binding) =>
      binding.from === "variable" ? [binding] : [],
    );
    for (const { buffer, variable } of variables) {
      this.#bind(buffer, nativeVariable(variable).numbers);
    }
    this.#common = commonState(options.update).map(nativeVariable);
    this.#variables = [
      ...variables.map(({ variable }) => nativeVariable(variable)),
      ...this.#common,
    ];
    this.#changed = this.#variables.filter(({ variable }) =>
      changed.has(variable),
    );
    this.#wanted = Int32Array.from(
      step.outputs.flatMap(({ buffer, size, domain }) => [
        buffer,
        domain === "rows" && !step.isPerSample ? size * step.samples : size,
      ]),
    );
    this.takesBatches =
      step.rowsInput !== undefined &&
      this.#keepsWeights &&
      (areNumbers(step) || step.outputs.every(({ shape }) => shape.length > 0));
    this.takesRest = this.takesBatches && step.isPerSample;
  }

  /** The program as text. */
  print(): string {
    return this.#step.writer.print();
  }

  forgetOperations(): void {
    // Nothing is held that a program would not need.
  }

  adopt(update: FusedUpdate | undefined): boolean {
    const state = optimizerState(update, this.#recording);
    this.#update = update;
    const variables = this.#variables.map(({ variable }) => variable);
    return isUsableFor(variables, this.#written, state);
  }

  run(
    inputs: readonly tf.Tensor[],
    guarded: boolean,
    { outside }: RunTensors = this.#recording,
  ): RunResult {
    const { rowsInput } = this.#step;
    const rows =
      rowsInput === undefined
        ? this.#order
        : (valuesOf(inputs[rowsInput]!) as Int32Array);
    const numbers = this.#run([...inputs, ...outside], rows, guarded);
    return { outputs: this.#outputsOf(numbers, 1, rows.length), kept: [] };
  }

  runAll(inputs: readonly (readonly tf.Tensor[])[], guarded: boolean) {
    const rowsInput = this.#step.rowsInput!;
    const batches = inputs.map((each) => valuesOf(each[rowsInput]!));
    const count = batches.reduce((sum, { length }) => sum + length, 0);
    const rows = new Int32Array(count);
    let begin = 0;
    for (const batch of batches) {
      rows.set(batch, begin);
      begin += batch.length;
    }
    const all = [...inputs[0]!, ...this.#recording.outside];
    const numbers = this.#run(all, rows, guarded);
    return this.#outputsOf(numbers, inputs.length, count);
  }

  /** The outputs of some steps: those that are numbers step after step, others as tensors with all steps' rows. */
  #outputsOf(
    numbers: readonly Float32Array[],
    steps: number,
    rows: number,
  ): Float32Array | readonly tf.Tensor[] {
    const { outputs, samples } = this.#step;
    if (!areNumbers(this.#step)) {
      return numbers.map((each, index) => {
        const shape = [...outputs[index]!.shape];
        // Of each sample there are one or more rows.
        if (rows !== samples) shape[0]! *= rows / samples;
        return tensorOf(each, shape);
      });
    }
    const all = new Float32Array(steps * outputs.length);
    for (const [index, each] of numbers.entries()) {
      for (let step = 0; step < steps; step += 1) {
        all[step * outputs.length + index] = each[step]!;
      }
    }
    return all;
  }

  #run(
    all: readonly tf.Tensor[],
    rows: Int32Array,
    guarded: boolean,
  ): readonly Float32Array[] {
    const { bindings, keys } = this.#step;
    for (const binding of bindings) {
      if (binding.from === "input") {
        this.#bind(binding.buffer, floatsOf(all[binding.index]!));
      }
    }
    const integers =
      keys.length === 0
        ? noIntegers
        : Int32Array.from(
            keys.flatMap((key) =>
              evaluateKey(key, (index) => valuesOf(all[index]!)),
            ),
          );
    for (const variable of this.#variables) variable.takeIn();
    for (const variable of this.#changed) variable.leave();
    const update = this.#update;
    const common = this.#common.map(({ numbers: [number] }) => number!);
    const settings = update
      ? Float32Array.from(settingsOf(update, common))
      : noNumbers;
    const isPrepared = this.#isPrepared();
    const numbers = this.#addon.run(
      this.#handle,
      rows,
      integers,
      settings,
      guarded,
      isPrepared,
      this.#wanted,
    );
    if (numbers === undefined) throw new LossNotFinite(0, []);
    const next = update ? nextCommon(update, common) : [];
    for (const [index, { numbers }] of this.#common.entries()) {
      numbers[0] = next[index]!;
    }
    return numbers;
  }

  withSteps(): StepProgram {
    return this;
  }

  dispose(): void {
    for (const variable of this.#variables) variable.bringHome();
    this.#addon.dispose(this.#handle);
    discard(this.#recording);
  }

  /** Whether what is computed of weights alone, such as packed ones, is as the last run left it. */
  #isPrepared(): boolean {
    if (!this.#keepsWeights) return false;
    const isFirst = !this.#hasRun;
    this.#hasRun = true;
    let areSame = true;
    for (const [index, { version }] of this.#variables.entries()) {
      areSame &&= version === this.#versions[index];
      this.#versions[index] = version;
    }
    return areSame && !isFirst;
  }

  #bind(buffer: number, numbers: Float32Array): void {
    if (this.#bound.get(buffer) === numbers) return;
    this.#addon.bind(this.#handle, buffer, numbers);
    this.#bound.set(buffer, numbers);
  }
}

/** Whether all outputs of a step are scalars. */
function areNumbers({ outputs }: NativeStep): boolean {
  return outputs.every(({ shape }) => shape.length === 0);
}

/** The variables that a step changes. */
function changedVariables(
  { assignments, updates = [] }: Recording,
  { update }: StepOptions,
): ReadonlySet<unknown> {
  return new Set<unknown>([
    ...assignments.map(({ variable }) => variable),
    ...updates.flatMap(({ variable, gradient }) =>
      gradient === undefined ? [] : [variable],
    ),
    ...(update ? optimizerVariables(update, { updates }) : []),
  ]);
}
