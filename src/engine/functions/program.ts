/**
 * The machine hall: a recorded step as a running program, a TensorFlow session with the step's variables in it.
 *
 * The graph has three parts, each with its own inputs and outputs: *push* gives the session's variables the values they have in
 * tfjs, *run* is the step, and *pull* reads the variables out again. Between steps nothing is moved.
 */
import { tf } from "../tfjs/library";
import { Session, signature, type Signature } from "../graph/session";
import { valueOf, type VariableHolder } from "../variables/variable-values";
import { discard, type Recording } from "../recording/recording";
import { StepGraph, type ProgramOptions } from "./step-graph";

/** A step that has been compiled. */
export class Program implements VariableHolder {
  readonly #session: Session;
  readonly #variables: readonly tf.Variable[];
  /** Version of each variable's copy in the session; −1 for none. */
  readonly #versions: number[];
  /** Places in {@link #variables} of those that the step changes. */
  readonly #changed: readonly number[];
  readonly #outside: readonly tf.Tensor[];
  readonly #recording: Recording;
  readonly #options: ProgramOptions;
  readonly #push: Signature;
  readonly #pull: Signature;
  readonly #run: Signature;
  readonly #scalars: boolean;
  readonly #rate = new KeptScalar("float32");
  readonly #guarded = new KeptScalar("bool");

  /** Compiles a recording. Throws an Error with TensorFlow's message if TensorFlow refuses the graph. */
  constructor(recording: Recording, options: ProgramOptions) {
    const graph = new StepGraph(recording, options);
    this.#recording = recording;
    this.#options = options;
    this.#variables = graph.variables;
    this.#versions = graph.variables.map(() => -1);
    this.#changed = graph.changed.map((variable) =>
      graph.variables.indexOf(variable),
    );
    this.#outside = graph.outside;
    this.#scalars = graph.givesScalars;
    this.#push = signature(graph.pushInputs, ["pushed"]);
    this.#pull = signature(["trigger"], graph.pullOutputs);
    this.#run = signature(graph.runInputs, graph.runOutputs);
    this.#session = new Session(graph.encode());
  }

  /**
   * Runs the step once.
   *
   * `inputs` have the types and shapes that the recorded step's had. Gives the outputs: numbers if all are scalars, else
   * tensors. If `guarded`, an Error that contains `lossMark` is thrown when the loss is not finite, and no variable has
   * changed then.
   */
  run(
    inputs: readonly tf.Tensor[],
    guarded: boolean,
  ): Float32Array | readonly tf.Tensor[] {
    this.#takeIn();
    for (const index of this.#changed) {
      const value = valueOf(this.#variables[index]!);
      value.leaveFor(this);
      this.#versions[index] = value.version;
    }
    const { update, guardsLoss } = this.#options;
    const feeds = [...inputs, ...this.#outside];
    if (update) feeds.push(this.#rate.of(update.rate()));
    if (guardsLoss) feeds.push(this.#guarded.of(Number(guarded)));
    const outputs = this.#session.run(feeds, this.#run);
    if (!this.#scalars) return outputs;
    const values = outputs[0]!.dataSync<"float32">();
    tf.dispose(outputs);
    return values;
  }

  /** Brings the newest values of the variables to tfjs. Nothing is copied: both share the numbers until the next step. */
  bringHome(): void {
    const isAway = (variable: tf.Variable, index: number) => {
      const value = valueOf(variable);
      return !value.isHome && value.version === this.#versions[index];
    };
    if (!this.#variables.some(isAway)) return;
    const trigger = tf.scalar(0);
    const values = this.#session.run([trigger], this.#pull);
    trigger.dispose();
    for (const [index, variable] of this.#variables.entries()) {
      if (isAway(variable, index) && !variable.isDisposed) {
        valueOf(variable).arrive(variable, values[index]!);
      }
    }
    tf.dispose(values);
  }

  /** Ends the program; values that only it has are brought home first. */
  dispose(): void {
    this.bringHome();
    this.#session.dispose();
    this.#rate.dispose();
    this.#guarded.dispose();
    discard(this.#recording);
  }

  /** Gives the session what has changed elsewhere. */
  #takeIn(): void {
    const isCurrent = this.#variables.every(
      (variable, index) => valueOf(variable).version === this.#versions[index],
    );
    if (isCurrent) return;
    // The session reads `dataId` of each, which brings its newest value home from wherever it is.
    const pushed = this.#session.run(this.#variables, this.#push);
    tf.dispose(pushed);
    for (const [index, variable] of this.#variables.entries()) {
      this.#versions[index] = valueOf(variable).version;
    }
  }
}

/** A scalar tensor that is made anew only when its value changes. */
class KeptScalar {
  readonly #dtype: "float32" | "bool";
  #tensor: tf.Scalar | undefined;
  #value = Number.NaN;

  constructor(dtype: "float32" | "bool") {
    this.#dtype = dtype;
  }

  of(value: number): tf.Scalar {
    if (this.#tensor === undefined || value !== this.#value) {
      this.dispose();
      this.#value = value;
      this.#tensor = tf.keep(tf.scalar(value, this.#dtype));
    }
    return this.#tensor;
  }

  dispose(): void {
    this.#tensor?.dispose();
    this.#tensor = undefined;
  }
}
