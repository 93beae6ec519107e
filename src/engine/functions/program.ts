/**
 * A recorded step as a running program, a TensorFlow session with the step's variables in it.
 *
 * The graph has three parts, each with its own inputs and outputs: *push* gives the session's variables the values they have in
 * tfjs, *one* or *all* is the step or several of them, and *pull* reads the variables out again. Between steps nothing is moved.
 */
import { tf } from "../tfjs/library";
import { Session, type Signature } from "../graph/session";
import {
  isGone,
  valueOf,
  type VariableHolder,
} from "../variables/variable-values";
import { discard, print, type Recording } from "../recording/recording";
import { KeptScalar } from "./kept-scalar";
import {
  LossNotFinite,
  isUsableFor,
  optimizerState,
  type RunResult,
  type RunTensors,
  type StepProgram,
} from "./step-program";
import { lossMark, type StepOptions } from "./step-body";
import { StepGraph, type StepRepetition } from "./step-graph";

/** A step that has been compiled. */
export class Program implements VariableHolder, StepProgram {
  readonly path = "graph";
  /** Steps that {@link runAll} does in one run. */
  readonly steps: number;
  readonly takesBatches = false;
  readonly takesRest = false;
  /** Number of operations in a step. */
  readonly size: number;
  readonly #graph: StepGraph;
  readonly #session: Session;
  readonly #variables: readonly tf.Variable[];
  /** Version of each variable's copy in the session; −1 for none. */
  readonly #versions: number[];
  /** Places in {@link #variables} of those that the step changes. */
  readonly #changed: readonly number[];
  #recording: Recording;
  readonly #options: StepOptions;
  readonly #own: readonly number[];
  #update: StepOptions["update"];
  /** Places of the variables whose newest value tfjs had when the latest run began. */
  #left: number[] = [];
  readonly #settings: readonly KeptScalar[];
  readonly #guarded = new KeptScalar("bool");
  /** Variables and settings of the optimizer that the graph was written for. */
  readonly #written: readonly unknown[];

  /** Compiles a recording. Throws an Error with TensorFlow's message if TensorFlow refuses the graph. */
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
    this.#own = repetition.own;
    this.#variables = graph.variables;
    this.#versions = graph.variables.map(() => -1);
    this.#changed = graph.changed.map((variable) =>
      graph.variables.indexOf(variable),
    );
    this.#update = options.update;
    this.#settings = (options.update?.settings() ?? []).map(
      () => new KeptScalar("float32"),
    );
    this.#written = optimizerState(options.update, recording);
    this.#session = new Session(graph.encode());
  }

  /** The recorded operations, one a line. */
  print(): string {
    return print(this.#recording);
  }

  /** Lets go of what only further programs would need. */
  forgetOperations(): void {
    this.#recording = { ...this.#recording, operations: [], constants: [] };
  }

  /**
   * Takes the optimizer's update as it is now. False if the graph was written for other variables or another form of it, or if a
   * variable is gone or has a method of the user's; the program is then of no use any more.
   */
  adopt(update: StepOptions["update"]): boolean {
    const state = optimizerState(update, this.#recording);
    this.#update = update;
    return isUsableFor(this.#variables, this.#written, state);
  }

  /**
   * Runs the step once.
   *
   * `inputs` have the types and shapes that the recorded step's had. If `guarded`, a {@link LossNotFinite} is thrown when the loss is not
   * finite, and no variable has changed then.
   */
  run(
    inputs: readonly tf.Tensor[],
    guarded: boolean,
    tensors: RunTensors = this.#recording,
  ): RunResult {
    const given = inputs.map(asData);
    this.#begin();
    const varying = this.#varyingTensors(tensors);
    try {
      const feeds = this.#feeds(given, guarded, tensors, varying);
      const results = this.#runGuarded(feeds, this.#graph.one);
      const { givesScalars } = this.#graph;
      const count = givesScalars ? 1 : this.#recording.outputs.length;
      const outputs = results.slice(0, count);
      return {
        outputs: givesScalars ? numbersOf(outputs) : outputs,
        kept: results.slice(count),
      };
    } finally {
      tf.dispose(varying);
    }
  }

  /**
   * Runs as many steps as the program has, one after the other.
   *
   * `inputs` are those of each step; only what each has of its own may differ. Gives the outputs of all steps, those of the first first:
   * numbers if all are scalars, else each output's tensors put together along their first axis. If
   * `guarded`, a {@link LossNotFinite} is thrown at the first loss that is not finite, and no variable has changed since the step before.
   */
  runAll(
    inputs: readonly (readonly tf.Tensor[])[],
    guarded: boolean,
  ): Float32Array | readonly tf.Tensor[] {
    const [first, ...others] = inputs.map((each) => each.map(asData));
    this.#begin();
    const feeds = this.#feeds(first!, guarded, this.#recording, []);
    for (const further of others) {
      feeds.push(...this.#own.map((index) => further[index]!));
    }
    const outputs = this.#runGuarded(feeds, this.#graph.all!);
    return this.#graph.givesScalars ? numbersOf(outputs) : outputs;
  }

  /** Brings the newest values of the variables to tfjs. Nothing is copied: both share the numbers until the next step. */
  bringHome(): void {
    const isAway = (variable: tf.Variable, index: number) => {
      const value = valueOf(variable);
      return !value.isHome && value.version === this.#versions[index];
    };
    if (!this.#variables.some(isAway)) return;
    const trigger = tf.scalar(0);
    const values = this.#session.run([trigger], this.#graph.pull);
    trigger.dispose();
    for (const [index, variable] of this.#variables.entries()) {
      if (isAway(variable, index) && !isGone(variable)) {
        valueOf(variable).arrive(variable, values[index]!);
      }
    }
    tf.dispose(values);
  }

  /** A program that takes this one's place and can do so many steps in one run. */
  withSteps(steps: number): Program {
    const own = this.#own;
    const options = { ...this.#options, update: this.#update };
    const successor = new Program(this.#recording, options, {
      steps,
      own,
    });
    this.#end();
    return successor;
  }

  /** Ends the program; values that only it has are brought home first. */
  dispose(): void {
    this.#end();
    discard(this.#recording);
  }

  #end(): void {
    this.bringHome();
    this.#session.dispose();
    for (const setting of this.#settings) setting.dispose();
    this.#guarded.dispose();
  }

  /** Gives the session what has changed elsewhere, and notes that it is about to change its variables. */
  #begin(): void {
    this.#takeIn();
    this.#left = [];
    for (const index of this.#changed) {
      const value = valueOf(this.#variables[index]!);
      if (value.isHome) this.#left.push(index);
      value.leaveFor(this);
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
    const numbers = this.#update?.settings() ?? [];
    for (const [index, setting] of this.#settings.entries()) {
      feeds.push(setting.of(numbers[index]!));
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
      const { message } = error as Error;
      const place = message.indexOf(lossMark);
      if (place === -1) {
        this.#giveBack();
        throw error;
      }
      const step = Number.parseInt(message.slice(place + lossMark.length), 10);
      throw new LossNotFinite(step, this.#outputsOf(step));
    }
  }

  /** A run has failed that may have changed some variables and not others: what tfjs had before counts, where it had it. */
  #giveBack(): void {
    for (const index of this.#left) {
      valueOf(this.#variables[index]!).returnHome();
      this.#versions[index] = -1;
    }
  }

  /** Outputs of the first steps of a run that was ended. */
  #outputsOf(steps: number): Float32Array[] {
    if (steps === 0) return [];
    const trigger = tf.scalar(0);
    const kept = this.#session.run([trigger], this.#graph.outputsKept(steps));
    const outputs = kept.map((tensor) => tensor.dataSync<"float32">().slice());
    tf.dispose([trigger, ...kept]);
    return outputs;
  }

  /** Gives the session what has changed elsewhere. */
  #takeIn(): void {
    const isCurrent = this.#variables.every(
      (variable, index) => valueOf(variable).version === this.#versions[index],
    );
    if (isCurrent) return;
    // The session reads `dataId` of each, which brings its newest value home from wherever it is.
    const pushed = this.#session.run(this.#variables, this.#graph.push);
    tf.dispose(pushed);
    for (const [index, variable] of this.#variables.entries()) {
      this.#versions[index] = valueOf(variable).version;
    }
  }
}

/** What is to be fed: of a variable the value that it has now, which the run may be about to change. */
function asData(tensor: tf.Tensor): tf.Tensor {
  if (!(tensor instanceof tf.Variable)) return tensor;
  const { dataId, dtype, shape } = tensor;
  return { dataId, dtype, shape } as unknown as tf.Tensor;
}

function numbersOf(outputs: readonly tf.Tensor[]): Float32Array {
  const values = outputs[0]!.dataSync<"float32">();
  tf.dispose([...outputs]);
  return values;
}
