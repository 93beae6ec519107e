/**
 * What each run of a program is given.
 *
 * First the inputs of its first step; then what all steps share beside them: tensors from outside the step, constants that vary, the
 * optimizer's settings, whether the loss is watched; last the inputs that each further step has of its own.
 */
import type { GraphWriter } from "../graph/graph-writer";
import type { Recording, TensorKind } from "../recording/recording";

/** What is fed beside the recording's inputs. */
export interface FeedOptions {
  /** Places of the inputs that each step of a run has of its own; the others all steps share. */
  readonly own: readonly number[];
  /** Places of the constants that are fed. */
  readonly varying: ReadonlySet<number>;
  /** How many numbers the optimizer is set by. */
  readonly settings: number;
  /** Whether each run says if the loss is watched. */
  readonly guarded: boolean;
}

/** The placeholders of one graph. */
export class Feeds {
  /** Names of the optimizer's settings. */
  readonly settings: readonly string[];
  readonly #graph: GraphWriter;
  readonly #inputs: Recording["inputs"];
  readonly #own: readonly number[];
  readonly #firstInputs: readonly string[];
  readonly #outside: readonly string[];
  readonly #constants = new Map<number, string>();
  readonly #guarded: readonly string[];
  readonly #furtherInputs = new Map<string, string>();

  constructor(
    graph: GraphWriter,
    { inputs, outside, constants }: Recording,
    { own, varying, settings, guarded }: FeedOptions,
  ) {
    this.#graph = graph;
    this.#inputs = inputs;
    this.#own = own;
    this.#firstInputs = inputs.map((kind, index) =>
      this.#placeholder(`input${index}`, kind),
    );
    this.#outside = outside.map((kind, index) =>
      this.#placeholder(`outside${index}`, kind),
    );
    for (const index of varying) {
      const name = this.#placeholder(`varying${index}`, constants[index]!);
      this.#constants.set(index, name);
    }
    this.settings = Array.from({ length: settings }, (_, index) =>
      graph.placeholder(`setting${index}`, "float32", []),
    );
    this.#guarded = guarded ? [graph.placeholder("guarded", "bool", [])] : [];
  }

  /** Names of what a run of the first step alone is fed. */
  get ofOneStep(): readonly string[] {
    return [
      ...this.#firstInputs,
      ...this.#outside,
      ...this.#constants.values(),
      ...this.settings,
      ...this.#guarded,
    ];
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

  /** Name of a tensor from outside the step. */
  outside(index: number): string {
    return this.#outside[index]!;
  }

  /** Name of a constant that is fed; undefined if it is part of the graph. */
  constant(index: number): string | undefined {
    return this.#constants.get(index);
  }

  /** Adds the inputs that a further step has of its own. */
  addStep(step: number): void {
    for (const index of this.#own) {
      const kind = this.#inputs[index]!;
      const name = this.#placeholder(`step${step}/input${index}`, kind);
      this.#furtherInputs.set(`${step}/${index}`, name);
    }
  }

  #placeholder(name: string, { dtype, shape }: TensorKind): string {
    return this.#graph.placeholder(name, dtype as "float32", shape);
  }
}
