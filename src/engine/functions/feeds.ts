/**
 * The placeholders of a graph, which are fed at each run.
 *
 * Their order: the inputs of the first step; the values shared by all steps (tensors from outside
 * the step, varying constants, the optimizer's settings, whether the loss is checked); the per-step
 * inputs of each further step.
 */
import type { GraphWriter } from "../graph/graph-writer";
import type { Recording, TensorKind } from "../recording/recording";

/** The values fed in addition to the recording's inputs. */
interface FeedOptions {
  /** Indices of the inputs that differ for each step of a run; all steps share the others. */
  readonly perStep: readonly number[];
  /** Indices of the constants that are fed. */
  readonly varying: ReadonlySet<number>;
  /** Number of the optimizer's settings. */
  readonly settings: number;
  /** Whether each run specifies if the loss is checked. */
  readonly guarded: boolean;
}

/** The placeholders of one graph. */
export class Feeds {
  /** Names of the optimizer's settings. */
  readonly settings: readonly string[];
  readonly #graph: GraphWriter;
  readonly #inputs: Recording["inputs"];
  readonly #perStep: readonly number[];
  readonly #firstInputs: readonly string[];
  readonly #outside: readonly string[];
  readonly #constants = new Map<number, string>();
  readonly #guarded: readonly string[];
  readonly #furtherInputs = new Map<string, string>();

  constructor(
    graph: GraphWriter,
    { inputs, outside, constants }: Recording,
    { perStep, varying, settings, guarded }: FeedOptions,
  ) {
    this.#graph = graph;
    this.#inputs = inputs;
    this.#perStep = perStep;
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

  /** Names of the placeholders fed in a run of the first step alone. */
  get ofOneStep(): readonly string[] {
    return [
      ...this.#firstInputs,
      ...this.#outside,
      ...this.#constants.values(),
      ...this.settings,
      ...this.#guarded,
    ];
  }

  /** Names of the placeholders fed in a run of all steps. */
  get ofAllSteps(): readonly string[] {
    return [...this.ofOneStep, ...this.#furtherInputs.values()];
  }

  /** Name of a step's input. */
  input(step: number, index: number): string {
    if (step === 0 || !this.#perStep.includes(index)) {
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

  /** Adds the per-step inputs of a further step. */
  addStep(step: number): void {
    for (const index of this.#perStep) {
      const kind = this.#inputs[index]!;
      const name = this.#placeholder(`step${step}/input${index}`, kind);
      this.#furtherInputs.set(`${step}/${index}`, name);
    }
  }

  #placeholder(name: string, { dtype, shape }: TensorKind): string {
    return this.#graph.placeholder(name, dtype as "float32", shape);
  }
}
