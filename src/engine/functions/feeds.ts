/**
 * The machine hall: what each run of a program is given.
 *
 * First the inputs of its first step; then what all steps share beside them: tensors from outside the step, the learning rate, whether
 * the loss is watched; last the inputs that each further step has of its own.
 */
import type { GraphWriter } from "../graph/graph-writer";
import type { DataId } from "../tfjs/backend";
import type { tf } from "../tfjs/library";
import type { Recording } from "../recording/recording";

/** The placeholders of one graph. */
export class Feeds {
  /** Tensors from outside the step, to be fed in this order. */
  readonly outsideTensors: tf.Tensor[] = [];
  readonly #graph: GraphWriter;
  readonly #inputs: Recording["inputs"];
  readonly #own: readonly number[];
  readonly #firstInputs: string[];
  readonly #outside = new Map<DataId, string>();
  readonly #settings: readonly string[];
  readonly #furtherInputs = new Map<string, string>();

  /** `own` are the places of the inputs that each step of a run has of its own; the others all steps share. */
  constructor(
    graph: GraphWriter,
    inputs: Recording["inputs"],
    own: readonly number[],
    settings: { readonly rate: boolean; readonly guarded: boolean },
  ) {
    this.#graph = graph;
    this.#settings = [
      ...(settings.rate ? [graph.placeholder("rate", "float32", [])] : []),
      ...(settings.guarded ? [graph.placeholder("guarded", "bool", [])] : []),
    ];
    this.#inputs = inputs;
    this.#own = own;
    this.#firstInputs = inputs.map((_, index) =>
      this.#placeholder(`input${index}`, index),
    );
  }

  /** Names of what a run of the first step alone is fed. */
  get ofOneStep(): readonly string[] {
    return [...this.#firstInputs, ...this.#outside.values(), ...this.#settings];
  }

  /** Names of what a run of all steps is fed. */
  get ofAllSteps(): readonly string[] {
    return [...this.ofOneStep, ...this.#furtherInputs.values()];
  }

  /** Name of a step's input. */
  input(step: number, index: number): string {
    if (step === 0 || !this.#own.includes(index)) {
      return this.#firstInputs[index]!;
    }
    return this.#furtherInputs.get(`${step}/${index}`)!;
  }

  /** Adds the inputs that a further step has of its own. */
  addStep(step: number): void {
    for (const index of this.#own) {
      const name = this.#placeholder(`step${step}/input${index}`, index);
      this.#furtherInputs.set(`${step}/${index}`, name);
    }
  }

  /** Name of a tensor from outside the step. */
  outside(id: DataId, tensor: tf.Tensor): string {
    const known = this.#outside.get(id);
    if (known !== undefined) return known;
    const { dtype, shape } = tensor;
    const name = `outside${this.outsideTensors.length}`;
    this.#graph.placeholder(name, dtype as "float32", shape);
    this.outsideTensors.push(tensor);
    this.#outside.set(id, name);
    return name;
  }

  #placeholder(name: string, index: number): string {
    const { dtype, shape } = this.#inputs[index]!;
    return this.#graph.placeholder(name, dtype as "float32", shape);
  }
}
