/**
 * Writes one recorded step into a TensorFlow graph.
 *
 * Each recorded operation becomes a node, with three exceptions. Variables become session
 * variables, which are read and updated. The optimizer's update, if known, is written as
 * TensorFlow's own operation. Operations that nothing depends on, such as those of an unused
 * gradient, are omitted.
 */
import type { GraphWriter } from "../graph/graph-writer";
import type { FusedUpdate, UpdateContext } from "../optimizers/fused-update";
import {
  kindOf,
  type Operation,
  type Recording,
  type Source,
  type TensorKind,
} from "../recording/recording";
import { attribute, attributeText, typeAttribute } from "../tfjs/attribute";
import type { tf } from "../tfjs/library";
import type { Feeds } from "./feeds";
import type { SessionVariables } from "./session-variables";

/** How a step is compiled. */
export interface StepOptions {
  /** The optimizer's update, if the engine writes it. */
  readonly update: FusedUpdate | undefined;
  /** Whether the first output is a loss, which is checked before anything is updated. */
  readonly guardsLoss: boolean;
  /** Indices of the constants that are fed at each run. */
  readonly varying: ReadonlySet<number>;
}

/**
 * Prefix of the error message of a run that was aborted because its loss is not finite; the number
 * of the step within the run follows.
 */
const lossMarker = "convnotes: the loss is not finite in step ";

/**
 * Returns the step within its run whose loss was not finite, from 0, or undefined if TensorFlow's
 * error has another cause.
 */
export function stepOfLoss({ message }: Error): number | undefined {
  const position = message.indexOf(lossMarker);
  if (position === -1) return undefined;
  return Number.parseInt(message.slice(position + lossMarker.length), 10);
}

/** The part of the graph into which a step is written. */
interface StepSurroundings {
  readonly graph: GraphWriter;
  readonly sessionVariables: SessionVariables;
  readonly feeds: Feeds;
  /** Index of the step within its run, from 0. */
  readonly step: number;
  /** Control inputs of a variable's read: the end of the previous step. */
  readonly before: readonly string[];
}

/** One step in the graph. */
export class StepBody {
  /** Names of the nodes with the step's outputs; they do not wait for the updates. */
  readonly outputs: readonly string[];
  /** Names of the nodes whose values are kept beyond the step. */
  readonly kept: readonly string[];
  /** Names of the nodes that change variables. */
  readonly last: readonly string[];
  /** Variables that the step changes. */
  readonly changed: readonly tf.Variable[];
  readonly #graph: GraphWriter;
  readonly #recording: Recording;
  readonly #surroundings: StepSurroundings;
  readonly #names = new Map<Operation, string>();
  readonly #reads = new Map<tf.Variable, string>();

  constructor(
    recording: Recording,
    options: StepOptions,
    surroundings: StepSurroundings,
  ) {
    const { outputs, kept, assignments, updates = [] } = recording;
    this.#recording = recording;
    this.#surroundings = surroundings;
    this.#graph = surroundings.graph;
    this.#writeOperations(recording);
    this.outputs = outputs.map((source) => this.#name(source));
    this.kept = kept.map((source) => this.#name(source));
    // All reads are written before the first change, so each change can depend on them.
    const values = new Map(
      assignments.map(({ variable, value }) => [variable, this.#name(value)]),
    );
    for (const { gradient } of updates) {
      if (gradient !== undefined) this.#name(gradient);
    }
    const order = this.#writeOrder(options, recording);
    const assigned = new Map(
      assignments.map(({ variable }) => [
        variable,
        this.#graph.add(
          `assign/${variable.id}`,
          "AssignVariableOp",
          [this.#handle(variable), values.get(variable)!, ...order(variable)],
          [typeAttribute("dtype", variable.dtype as "float32")],
        ),
      ]),
    );
    // A weight that the step itself assigns is updated from the assigned value.
    const fused = this.#writeUpdate(options, updates, (variable) => {
      const assignment = assigned.get(variable);
      return [
        ...order(variable),
        ...(assignment === undefined ? [] : [`^${assignment}`]),
      ];
    });
    this.last = [...fused.nodes, ...assigned.values()];
    this.changed = [...new Set([...fused.changed, ...assigned.keys()])];
  }

  /**
   * Writes identical operations with identical inputs only once, such as those that a recurrent
   * layer applies to its weights in each time step.
   */
  #writeOperations(recording: Recording): void {
    const needed = neededBy(recording);
    const written = new Map<string, string>();
    for (const operation of recording.operations) {
      if (!needed.has(operation)) continue;
      const inputs = operation.inputs.map((source) => this.#name(source));
      const { index } = operation;
      const { name, attributes } = asWritten(operation);
      const settings = attributes.map(attributeText).join(" ");
      const key = `${name} ${inputs.join(" ")} ${settings}`;
      const node =
        written.get(key) ??
        this.#graph.add(`operation${index}`, name, inputs, attributes);
      written.set(key, node);
      this.#names.set(operation, node);
    }
  }

  /**
   * Returns the control inputs of a variable's update: the node that reads the variable, the
   * metrics and, if the loss is guarded, the check of the loss. It waits only for reads of the same
   * variable. An update copies values that are still in use, which costs less than delaying all
   * updates until the end of the step.
   */
  #writeOrder(
    { guardsLoss }: StepOptions,
    { outputs: [loss, ...metrics] }: Recording,
  ): (variable: tf.Variable) => string[] {
    const graph = this.#graph;
    // tfjs computes the metrics before the update, so the weights stay unchanged if a metric fails
    // in TensorFlow.
    const after = metrics.flatMap((source) =>
      source.from === "operation"
        ? [`^${this.#names.get(source.operation)}`]
        : [],
    );
    if (guardsLoss && loss !== undefined) {
      const { step } = this.#surroundings;
      const float = typeAttribute("T", "float32");
      const checked = graph.add(
        "checked",
        "SelectV2",
        ["guarded", this.#name(loss), graph.number(0)],
        [float],
      );
      const message = attribute("message", `${lossMarker}${step};`);
      const guard = graph.add(
        "guard",
        "CheckNumerics",
        [checked],
        [float, message],
      );
      after.push(`^${guard}`);
    }
    return (variable) => {
      const read = this.#reads.get(variable);
      return read === undefined ? after : [`^${read}`, ...after];
    };
  }

  #writeUpdate(
    { update }: StepOptions,
    updates: NonNullable<Recording["updates"]>,
    after: (variable: tf.Variable) => string[],
  ): { nodes: readonly string[]; changed: readonly tf.Variable[] } {
    if (update === undefined) return { nodes: [], changed: [] };
    const nodes = updates.flatMap(({ variable, gradient }, index) =>
      gradient === undefined
        ? []
        : [{ index, variable, gradient: this.#name(gradient) }],
    );
    const context: UpdateContext = {
      graph: this.#graph,
      handle: (variable) => this.#handle(variable),
      value: (variable) => this.#read(variable),
      settings: this.#surroundings.feeds.settings,
      after,
    };
    return {
      nodes: update.write(context, nodes),
      changed: [
        ...nodes.map(({ variable }) => variable),
        ...update
          .state(nodes.map(({ index }) => index))
          .filter((variable) => variable !== undefined),
      ],
    };
  }

  #name(source: Source): string {
    switch (source.from) {
      case "operation": {
        const name = this.#names.get(source.operation)!;
        return source.output === 0 ? name : `${name}:${source.output}`;
      }
      case "variable":
        return this.#read(source.variable);
      case "input":
        return this.#surroundings.feeds.input(
          this.#surroundings.step,
          source.index,
        );
      case "constant":
        return (
          this.#surroundings.feeds.constant(source.index) ??
          this.#graph.constant(this.#recording.constants[source.index]!)
        );
      case "outside":
        return this.#surroundings.feeds.outside(source.index);
    }
  }

  #handle(variable: tf.Variable): string {
    return this.#surroundings.sessionVariables.of(variable);
  }

  #read(variable: tf.Variable): string {
    const known = this.#reads.get(variable);
    if (known !== undefined) return known;
    const name = this.#graph.add(
      `read${variable.id}`,
      "ReadVariableOp",
      [this.#handle(variable), ...this.#surroundings.before],
      [typeAttribute("dtype", variable.dtype as "float32")],
    );
    this.#reads.set(variable, name);
    return name;
  }
}

/**
 * Returns an operation as it is written: the sum of two tensors of one row each becomes `AddN`.
 * TensorFlow's graph optimizer mistakes such a sum after a matrix product for the addition of a
 * bias, and then rejects the bias because it has two axes.
 */
function asWritten(
  operation: Operation,
): Pick<Operation, "name" | "attributes"> {
  const { name, inputs } = operation;
  if (name !== "Add" && name !== "AddV2") return operation;
  const [one, other] = inputs.map(kindOf) as [TensorKind, TensorKind];
  const isRow = ({ dtype, shape }: TensorKind) =>
    dtype === "float32" &&
    shape.length > 1 &&
    shape.slice(0, -1).every((size) => size === 1);
  if (!isRow(one) || String(one.shape) !== String(other.shape)) {
    return operation;
  }
  return {
    name: "AddN",
    attributes: [attribute("N", 2), typeAttribute("T", "float32")],
  };
}

/** The operations on which outputs, updates and assignments depend. */
export function neededBy(recording: Recording): Set<Operation> {
  const needed = new Set<Operation>();
  const pending: Source[] = [
    ...recording.outputs,
    ...recording.kept,
    ...recording.assignments.map(({ value }) => value),
    ...(recording.updates ?? []).flatMap(({ gradient }) => gradient ?? []),
  ];
  for (let source = pending.pop(); source; source = pending.pop()) {
    if (source.from !== "operation" || needed.has(source.operation)) continue;
    needed.add(source.operation);
    pending.push(...source.operation.inputs);
  }
  return needed;
}
