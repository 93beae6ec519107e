/**
 * A compiled step: a TensorFlow session that holds the step's variables.
 *
 * The graph has three parts, each with its own inputs and outputs. *Push* sets the session's
 * variables to the values they have in tfjs, *one* or *all* runs one step or several, and *pull*
 * reads the variables. Nothing is copied between steps.
 */
import { tf } from "../tfjs/library";
import { Session, type Signature } from "../graph/session";
import {
  isVariableDisposed,
  valueOf,
  type VariableHolder,
} from "../variables/variable-values";
import { discard, print, type Recording } from "../recording/recording";
import { CachedScalar } from "./cached-scalar";
import {
  LossNotFinite,
  isUsableFor,
  optimizerState,
  type RunResult,
  type RunTensors,
  type StepProgram,
} from "./step-program";
import { stepOfLoss, type StepOptions } from "./step-body";
import { StepGraph, type StepRepetition } from "./step-graph";

/** A step that has been compiled to a graph. */
export class Program implements VariableHolder, StepProgram {
  readonly path = "graph";
  /** Number of steps that {@link runAll} runs. */
  readonly steps: number;
  readonly takesBatches = false;
  readonly takesRest = false;
  /** Number of operations in a step. */
  readonly size: number;
  readonly #graph: StepGraph;
  readonly #session: Session;
  readonly #variables: readonly tf.Variable[];
  /** Version of each variable's copy in the session; −1 if there is none. */
  readonly #versions: number[];
  /** Indices in {@link #variables} of the variables that the step changes. */
  readonly #changed: readonly number[];
  #recording: Recording;
  readonly #options: StepOptions;
  readonly #perStep: readonly number[];
  #update: StepOptions["update"];
  /** Indices of the changed variables whose latest value tfjs had when the last run began. */
  #latestInTfjs: number[] = [];
  readonly #settings: readonly CachedScalar[];
  readonly #guarded = new CachedScalar("bool");
  /** Variables and settings of the optimizer that the graph was written for. */
  readonly #written: readonly unknown[];

  /**
   * Compiles a recording. Throws an Error with TensorFlow's message if TensorFlow rejects the
   * graph.
   */
  constructor(
    recording: Recording,
    options: StepOptions,
    repetition: StepRepetition,
  ) {
    const graph = new StepGraph(recording, options, repetition);
    this.#graph = graph;
    this.#recording = recording;
    this.#options = options;
    this.steps = repetition.steps;
    this.size = recording.operations.length;
    this.#perStep = repetition.perStep;
    this.#variables = graph.variables;
    this.#versions = graph.variables.map(() => -1);
    this.#changed = graph.changed.map((variable) =>
      graph.variables.indexOf(variable),
    );
    this.#update = options.update;
    this.#settings = (options.update?.settings() ?? []).map(
      () => new CachedScalar("float32"),
    );
    this.#written = optimizerState(options.update, recording);
    this.#session = new Session(graph.encode());
  }

  /** The recorded operations, one per line. */
  print(): string {
    return print(this.#recording);
  }

  /** Releases what only further programs would need. */
  forgetOperations(): void {
    this.#recording = { ...this.#recording, operations: [], constants: [] };
  }

  /**
   * Adopts the current update of the optimizer. Returns false if the program can no longer be used:
   * the graph was written for other variables or another form of update, or a variable was disposed
   * of or has a method replaced by the user.
   */
  adopt(update: StepOptions["update"]): boolean {
    const state = optimizerState(update, this.#recording);
    this.#update = update;
    return isUsableFor(this.#variables, this.#written, state);
  }

  /**
   * Runs the step once.
   *
   * `inputs` have the types and shapes of the recorded inputs. If `guarded`, throws a
   * {@link LossNotFinite} if the loss is not finite; no variable has changed in that case.
   */
  run(
    inputs: readonly tf.Tensor[],
    guarded: boolean,
    tensors: RunTensors = this.#recording,
  ): RunResult {
    const given = inputs.map(currentTensor);
    this.#begin();
    const varying = this.#varyingTensors(tensors);
    try {
      const feeds = this.#feeds(given, guarded, tensors, varying);
      const results = this.#runGuarded(feeds, this.#graph.one);
      const { givesScalars } = this.#graph;
      const count = givesScalars ? 1 : this.#recording.outputs.length;
      const outputs = results.slice(0, count);
      return {
        outputs: givesScalars ? readScalars(outputs) : outputs,
        kept: results.slice(count),
      };
    } finally {
      tf.dispose(varying);
    }
  }

  /**
   * Runs as many steps as the program has, in order.
   *
   * `inputs` are the inputs of each step; only per-step inputs may differ. Returns the outputs of
   * all steps in order: numbers if all are scalars, otherwise one tensor per output, concatenated
   * along the first axis. If `guarded`, throws a {@link LossNotFinite} at the first loss that is
   * not finite; the variables then have the values of the previous step.
   */
  runAll(
    inputs: readonly (readonly tf.Tensor[])[],
    guarded: boolean,
  ): Float32Array | readonly tf.Tensor[] {
    const [first, ...others] = inputs.map((each) => each.map(currentTensor));
    this.#begin();
    const feeds = this.#feeds(first!, guarded, this.#recording, []);
    for (const further of others) {
      feeds.push(...this.#perStep.map((index) => further[index]!));
    }
    const outputs = this.#runGuarded(feeds, this.#graph.all!);
    return this.#graph.givesScalars ? readScalars(outputs) : outputs;
  }

  /**
   * Updates the variables in tfjs to their latest values. Nothing is copied: tfjs and the session
   * share the data until the next step.
   */
  syncToTfjs(): void {
    const isAhead = (variable: tf.Variable, index: number) => {
      const value = valueOf(variable);
      return !value.isInTfjs && value.version === this.#versions[index];
    };
    if (!this.#variables.some(isAhead)) return;
    const trigger = tf.scalar(0);
    const values = this.#session.run([trigger], this.#graph.pull);
    trigger.dispose();
    for (const [index, variable] of this.#variables.entries()) {
      if (isAhead(variable, index) && !isVariableDisposed(variable)) {
        valueOf(variable).receive(variable, values[index]!);
      }
    }
    tf.dispose(values);
  }

  /** Returns a program that replaces this one and runs `steps` steps at once. */
  withSteps(steps: number): Program {
    const perStep = this.#perStep;
    const options = { ...this.#options, update: this.#update };
    const successor = new Program(this.#recording, options, {
      steps,
      perStep,
    });
    this.#end();
    return successor;
  }

  /** Releases the program; values held only by it are copied to tfjs first. */
  dispose(): void {
    this.#end();
    discard(this.#recording);
  }

  #end(): void {
    this.syncToTfjs();
    this.#session.dispose();
    for (const setting of this.#settings) setting.dispose();
    this.#guarded.dispose();
  }

  /** Pushes changed values to the session and marks its variables as about to change. */
  #begin(): void {
    this.#pushChanged();
    this.#latestInTfjs = [];
    for (const index of this.#changed) {
      const value = valueOf(this.#variables[index]!);
      if (value.isInTfjs) this.#latestInTfjs.push(index);
      value.moveTo(this);
      this.#versions[index] = value.version;
    }
  }

  #feeds(
    inputs: readonly tf.Tensor[],
    guarded: boolean,
    { outside }: RunTensors,
    varying: readonly tf.Tensor[],
  ): tf.Tensor[] {
    const { guardsLoss } = this.#options;
    const feeds = [...inputs, ...outside, ...varying];
    const settings = this.#update?.settings() ?? [];
    for (const [index, setting] of this.#settings.entries()) {
      feeds.push(setting.of(settings[index]!));
    }
    if (guardsLoss) feeds.push(this.#guarded.of(Number(guarded)));
    return feeds;
  }

  #varyingTensors({ constants }: RunTensors): tf.Tensor[] {
    return [...this.#options.varying].map((index) => {
      const { dtype, shape, values } = constants[index]!;
      return tf.tensor(values, [...shape], dtype);
    });
  }

  #runGuarded(feeds: readonly tf.Tensor[], run: Signature): tf.Tensor[] {
    try {
      return this.#session.run(feeds, run);
    } catch (error) {
      const step = stepOfLoss(error as Error);
      if (step === undefined) {
        this.#revertToTfjs();
        throw error;
      }
      throw new LossNotFinite(step, this.#outputsOf(step));
    }
  }

  /**
   * Reverts to tfjs's values after a failed run, which may have changed only some of the variables.
   * Applies to variables whose latest value tfjs had before the run.
   */
  #revertToTfjs(): void {
    for (const index of this.#latestInTfjs) {
      valueOf(this.#variables[index]!).revertToTfjs();
      this.#versions[index] = -1;
    }
  }

  /** Outputs of the first steps of a run that was aborted. */
  #outputsOf(steps: number): Float32Array[] {
    if (steps === 0) return [];
    const trigger = tf.scalar(0);
    const kept = this.#session.run([trigger], this.#graph.outputsKept(steps));
    const outputs = kept.map((tensor) => tensor.dataSync<"float32">().slice());
    tf.dispose([trigger, ...kept]);
    return outputs;
  }

  /** Pushes values that have changed outside the session. */
  #pushChanged(): void {
    const isCurrent = this.#variables.every(
      (variable, index) => valueOf(variable).version === this.#versions[index],
    );
    if (isCurrent) return;
    // The session reads each `dataId`, which first syncs the latest value to tfjs.
    const pushed = this.#session.run(this.#variables, this.#graph.push);
    tf.dispose(pushed);
    for (const [index, variable] of this.#variables.entries()) {
      this.#versions[index] = valueOf(variable).version;
    }
  }
}

/**
 * Returns the tensor to feed: for a variable, its current value, which the run may be about to
 * change.
 */
function currentTensor(tensor: tf.Tensor): tf.Tensor {
  if (!(tensor instanceof tf.Variable)) return tensor;
  const { dataId, dtype, shape } = tensor;
  return { dataId, dtype, shape } as unknown as tf.Tensor;
}

function readScalars(outputs: readonly tf.Tensor[]): Float32Array {
  const values = outputs[0]!.dataSync<"float32">();
  tf.dispose([...outputs]);
  return values;
}
