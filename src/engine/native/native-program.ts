/**
 * Runs recorded steps as native programs. All programs share the arrays of the weights, and read
 * data without a copy.
 */
import {
  changedVariables,
  isUsableFor,
  LossNotFinite,
  optimizerState,
  type RunResult,
  type RunTensors,
  type StepProgram,
} from "../functions/step-program";
import type { StepOptions } from "../functions/step-body";
import type { FusedUpdate } from "../optimizers/fused-update";
import { discard, type Recording } from "../recording/recording";
import type { tf } from "../tfjs/library";
import type { NativeAddon, NativeHandle } from "./addon";
import { lower, type NativeStep } from "./lower";
import { evaluateKey } from "./lower-random";
import { nativeVariable, type NativeVariable } from "./native-variable";
import { floatsOf, tensorOf, valuesOf } from "../tfjs/tensor-values";
import { threads } from "./threads";
import { commonState, nextCommon, settingsOf } from "./update-forms";
import { vectorWidthIndex } from "./vector-width";

/** Arguments of steps that have no keys and no settings. */
const noIntegers = new Int32Array();
const noFloats = new Float32Array();

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
  readonly #tfjsVariables: readonly tf.Variable[];
  readonly #changed: readonly NativeVariable[];
  /**
   * Whether values computed from weights alone stay valid between runs, as no step of the program
   * changes a weight.
   */
  readonly #keepsWeights: boolean;
  /** State that the optimizer has once for all weights, such as the powers of its decays. */
  readonly #common: readonly NativeVariable[];
  readonly #written: readonly unknown[];
  /** The arrays that buffers are bound to, by buffer. */
  readonly #bound: (Float32Array | undefined)[] = [];
  readonly #order: Int32Array;
  /** Buffer and count of each output, for the addon. */
  readonly #requested: Int32Array;
  /** Buffers that are bound to the arrays of inputs, and the inputs' indices. */
  readonly #inputs: readonly {
    readonly buffer: number;
    readonly index: number;
  }[];
  readonly #givesScalars: boolean;
  /** Versions of the variables in the last run. */
  readonly #versions: number[] = [];
  #hasRun = false;
  #update: FusedUpdate | undefined;

  /**
   * @throws {NotNative} With the reason, if the step cannot run natively.
   */
  constructor(
    addon: NativeAddon,
    recording: Recording,
    options: StepOptions,
    picksSamples: boolean,
  ) {
    const step = lower(recording, options, {
      picksSamples,
      cacheBytes: addon.cacheBytes(),
    });
    this.#addon = addon;
    this.#step = step;
    this.#recording = recording;
    this.#update = options.update;
    this.size = recording.operations.length;
    this.#written = optimizerState(options.update, recording);
    const changed = changedVariables(recording, options.update);
    this.#keepsWeights = step.preparesFromWeights && changed.size === 0;
    this.#handle = addon.create(
      step.program.integers,
      step.program.numbers,
      threads(),
      vectorWidthIndex(addon),
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
      this.#bind(buffer, nativeVariable(variable).values);
    }
    this.#inputs = step.bindings.flatMap((binding) =>
      binding.from === "input" ? [binding] : [],
    );
    this.#givesScalars = areScalars(step);
    this.#common = commonState(options.update).map(nativeVariable);
    this.#variables = [
      ...variables.map(({ variable }) => nativeVariable(variable)),
      ...this.#common,
    ];
    this.#tfjsVariables = this.#variables.map(({ variable }) => variable);
    this.#changed = this.#variables.filter(({ variable }) =>
      changed.has(variable),
    );
    this.#requested = Int32Array.from(
      step.outputs.flatMap(({ buffer, size, domain }) => [
        buffer,
        domain === "rows" && !step.isPerSample ? size * step.samples : size,
      ]),
    );
    this.takesBatches =
      step.rowsInput !== undefined &&
      this.#keepsWeights &&
      (this.#givesScalars ||
        step.outputs.every(({ shape }) => shape.length > 0));
    this.takesRest = this.takesBatches && step.isPerSample;
  }

  /** Returns the program as text. */
  print(): string {
    return this.#step.writer.print();
  }

  forgetOperations(): void {
    // The program needs all that it holds.
  }

  adopt(update: FusedUpdate | undefined): boolean {
    const state = optimizerState(update, this.#recording);
    this.#update = update;
    return isUsableFor(this.#tfjsVariables, this.#written, state);
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
    const all = outside.length === 0 ? inputs : [...inputs, ...outside];
    const numbers = this.#run(all, rows, guarded);
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

  /**
   * Returns the outputs of steps: scalars in one array, step after step; other outputs as tensors
   * with the rows of all steps.
   */
  #outputsOf(
    numbers: readonly Float32Array[],
    steps: number,
    rows: number,
  ): Float32Array | readonly tf.Tensor[] {
    const { outputs, samples } = this.#step;
    if (!this.#givesScalars) {
      return numbers.map((each, index) => {
        const shape = [...outputs[index]!.shape];
        // Each sample has one or more rows.
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
    const { keys } = this.#step;
    for (const { buffer, index } of this.#inputs) {
      this.#bind(buffer, floatsOf(all[index]!));
    }
    const integers =
      keys.length === 0
        ? noIntegers
        : Int32Array.from(
            keys.flatMap((key) =>
              evaluateKey(key, (index) => valuesOf(all[index]!)),
            ),
          );
    for (const variable of this.#variables) variable.refresh();
    for (const variable of this.#changed) variable.markChanged();
    const update = this.#update;
    const common = this.#common.map(({ values }) => values[0]!);
    const settings = update
      ? Float32Array.from(settingsOf(update, common))
      : noFloats;
    const numbers = this.#addon.run(
      this.#handle,
      rows,
      integers,
      settings,
      guarded,
      this.#isPrepared(),
      this.#requested,
    );
    if (numbers === undefined) throw new LossNotFinite(0, []);
    if (update && common.length > 0) {
      const next = nextCommon(update, common);
      for (const [index, { values }] of this.#common.entries()) {
        values[0] = next[index]!;
      }
    }
    return numbers;
  }

  withSteps(): StepProgram {
    return this;
  }

  dispose(): void {
    for (const variable of this.#variables) variable.syncToTfjs();
    this.#addon.dispose(this.#handle);
    discard(this.#recording);
  }

  /**
   * Returns whether values computed from weights alone, such as packed weights, are still those of
   * the last run.
   */
  #isPrepared(): boolean {
    if (!this.#keepsWeights) return false;
    // A program without variables always has the same values.
    let areSame = this.#hasRun;
    this.#hasRun = true;
    for (let index = 0; index < this.#variables.length; index += 1) {
      const { version } = this.#variables[index]!;
      if (version === this.#versions[index]) continue;
      areSame = false;
      this.#versions[index] = version;
    }
    return areSame;
  }

  #bind(buffer: number, numbers: Float32Array): void {
    if (this.#bound[buffer] === numbers) return;
    this.#addon.bind(this.#handle, buffer, numbers);
    this.#bound[buffer] = numbers;
  }
}

/** Returns whether all outputs of a step are scalars. */
function areScalars({ outputs }: NativeStep): boolean {
  return outputs.every(({ shape }) => shape.length === 0);
}
