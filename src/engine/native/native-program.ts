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
import { floatsOf, valuesOf } from "./tensor-numbers";
import { threads } from "./threads";
import { commonState, nextCommon, settingsOf } from "./update-forms";
import { vectors } from "./vectors";

/** A step that runs natively. */
export class NativeProgram implements StepProgram {
  readonly path = "native";
  readonly steps = 1;
  readonly size: number;
  readonly #addon: NativeAddon;
  readonly #handle: NativeHandle;
  readonly #step: NativeStep;
  readonly #recording: Recording;
  readonly #variables: readonly NativeVariable[];
  readonly #changed: readonly NativeVariable[];
  /** What the optimizer keeps for all weights together, such as the powers of its decays. */
  readonly #common: readonly NativeVariable[];
  readonly #written: readonly unknown[];
  readonly #bound = new Map<number, Float32Array>();
  readonly #order: Int32Array;
  /** Of the variables, the versions that the last run had. */
  #versions: readonly number[] = [];
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
    const { integers, numbers } = step.program;
    this.#handle = addon.create(integers, numbers, threads(), vectors(addon));
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
    const changed = new Set<unknown>([
      ...recording.assignments.map(({ variable }) => variable),
      ...(recording.updates ?? []).flatMap(({ variable, gradient }) =>
        gradient === undefined ? [] : [variable],
      ),
      ...(options.update ? optimizerVariables(options.update, recording) : []),
    ]);
    this.#changed = this.#variables.filter(({ variable }) =>
      changed.has(variable),
    );
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
    const all = [...inputs, ...outside];
    const { rowsInput, bindings, keys, outputs } = this.#step;
    for (const binding of bindings) {
      if (binding.from === "input") {
        this.#bind(binding.buffer, floatsOf(all[binding.index]!));
      }
    }
    const numbersOf = (index: number) => valuesOf(all[index]!);
    const integers = keys.flatMap((key) => evaluateKey(key, numbersOf));
    const rows =
      rowsInput === undefined
        ? this.#order
        : (numbersOf(rowsInput) as Int32Array);
    for (const variable of this.#variables) variable.takeIn();
    for (const variable of this.#changed) variable.leave();
    const update = this.#update;
    const common = this.#common.map(({ numbers: [number] }) => number!);
    const settings = update ? settingsOf(update, common) : [];
    const isPrepared = this.#isPrepared();
    const isDone = this.#addon.run(
      this.#handle,
      rows,
      Int32Array.from(integers),
      Float32Array.from(settings),
      guarded,
      isPrepared,
    );
    if (!isDone) throw new LossNotFinite(0, []);
    const next = update ? nextCommon(update, common) : [];
    for (const [index, { numbers }] of this.#common.entries()) {
      numbers[0] = next[index]!;
    }
    const numbers = outputs.map(({ buffer, size, domain }) => {
      const count = domain === "rows" ? size * this.#step.samples : size;
      return this.#addon.read(this.#handle, buffer, count);
    });
    const areScalars = outputs.every(({ shape }) => shape.length === 0);
    return {
      outputs: areScalars
        ? Float32Array.from(numbers, ([number]) => number!)
        : numbers.map((each, index) =>
            tf.tensor(each, [...outputs[index]!.shape]),
          ),
      kept: [],
    };
  }

  runAll(inputs: readonly (readonly tf.Tensor[])[], guarded: boolean) {
    return this.run(inputs[0]!, guarded).outputs;
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
    if (this.#changed.length > 0 || !this.#step.preparesFromWeights) {
      return false;
    }
    const before = this.#versions;
    this.#versions = this.#variables.map(({ version }) => version);
    return (
      before.length > 0 &&
      this.#versions.every((version, index) => version === before[index])
    );
  }

  #bind(buffer: number, numbers: Float32Array): void {
    if (this.#bound.get(buffer) === numbers) return;
    this.#addon.bind(this.#handle, buffer, numbers);
    this.#bound.set(buffer, numbers);
  }
}
