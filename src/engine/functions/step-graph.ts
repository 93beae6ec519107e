/**
 * The machine hall: writes a recorded step as a TensorFlow graph.
 *
 * Each recorded operation becomes a node, with three changes. Variables become *places* (`VarHandleOp`) that are read and
 * updated. The optimizer's update, if it is known, becomes TensorFlow's own. And operations that nothing needs, such as
 * those of a gradient nobody uses, are left out.
 */
import { attribute, attributeKind, typeAttribute } from "../tfjs/attribute";
import type { tf } from "../tfjs/library";
import { GraphWriter } from "../graph/graph-writer";
import type { FusedUpdate, UpdateContext } from "../optimizers/fused-update";
import {
  dtypeOf,
  shapeOf,
  type Operation,
  type Recording,
  type Source,
} from "../recording/recording";

/** How a step is compiled. */
export interface ProgramOptions {
  /** The optimizer's update, if the engine writes it. */
  readonly update: FusedUpdate | undefined;
  /** Whether the first output is a loss, to be checked before anything is updated. */
  readonly guardsLoss: boolean;
}

/** Marks the error of a run that was ended because its loss is not finite. */
export const lossMark = "convnotes: the loss is not finite";

/** Names of sessions' variables must differ from session to session, as those share one process. */
let graphs = 0;

/** A graph and the names by which it is run. */
export class StepGraph {
  readonly variables: tf.Variable[] = [];
  /** Variables that the step changes. */
  readonly changed: readonly tf.Variable[];
  /** Tensors from outside the step, to be fed after its inputs. */
  readonly outside: tf.Tensor[] = [];
  readonly runInputs: readonly string[];
  readonly runOutputs: readonly string[];
  readonly pushInputs: readonly string[];
  readonly pullOutputs: readonly string[];
  /** Whether all outputs are scalars, which then leave as one vector. */
  readonly givesScalars: boolean;
  readonly #graph = new GraphWriter();
  readonly #number = (graphs += 1);
  readonly #reads = new Map<tf.Variable, string>();
  readonly #inputs: string[] = [];
  readonly #extraInputs: string[] = [];
  readonly #outsideNames = new Map<object, string>();

  constructor(recording: Recording, options: ProgramOptions) {
    const { outputs, assignments, updates = [] } = recording;
    this.givesScalars = outputs.length > 0 && outputs.every(isScalar);
    this.#writeInputs(recording);
    this.#writeOperations(recording);
    const order = this.#writeOrder(options, outputs[0]);
    const fused = this.#writeUpdate(options, updates, order);
    const assigned = assignments.map(({ variable, value }) =>
      this.#graph.add(
        `assign/${variable.id}`,
        "AssignVariableOp",
        [this.#place(variable), this.#name(value), ...order(variable)],
        [typeAttribute("dtype", variable.dtype as "float32")],
      ),
    );
    const last = [...fused.nodes, ...assigned].map((name) => `^${name}`);
    this.changed = [
      ...fused.changed,
      ...assignments.map(({ variable }) => variable),
    ];
    this.runOutputs = this.#writeOutputs(outputs, last);
    this.runInputs = [
      ...this.#inputs,
      ...this.#outsideNames.values(),
      ...this.#extraInputs,
    ];
    this.pushInputs = this.#writePush();
    this.pullOutputs = this.#writePull();
  }

  /** The graph as the bytes of a saved model. */
  encode(): Uint8Array {
    return this.#graph.encode();
  }

  #writeInputs({ inputs }: Recording): void {
    for (const [index, { dtype, shape }] of inputs.entries()) {
      this.#inputs.push(
        this.#graph.placeholder(`input${index}`, dtype as "float32", shape),
      );
    }
  }

  #writeOperations(recording: Recording): void {
    const needed = neededBy(recording);
    for (const operation of recording.operations) {
      if (!needed.has(operation)) continue;
      this.#graph.add(
        operationName(operation),
        operation.name,
        operation.inputs.map((source) => this.#name(source)),
        operation.attributes,
      );
    }
  }

  /**
   * What has to run before a variable may be updated: the node that reads it and, if the loss is guarded, the check of
   * the loss. Only its own reads: an update copies the numbers if somebody still works with them, which costs less than letting
   * all updates wait for the whole step.
   */
  #writeOrder(
    { guardsLoss, update }: ProgramOptions,
    loss: Source | undefined,
  ): (variable: tf.Variable) => string[] {
    const graph = this.#graph;
    if (update) {
      this.#extraInputs.push(graph.placeholder("rate", "float32", []));
    }
    const after: string[] = [];
    if (guardsLoss && loss !== undefined) {
      const float = typeAttribute("T", "float32");
      const guarded = graph.placeholder("guarded", "bool", []);
      this.#extraInputs.push(guarded);
      const checked = graph.add(
        "checked",
        "SelectV2",
        [guarded, this.#name(loss), graph.number(0)],
        [float],
      );
      const message = attribute("message", lossMark);
      graph.add("guard", "CheckNumerics", [checked], [float, message]);
      after.push("^guard");
    }
    return (variable) => {
      const read = this.#reads.get(variable);
      return read === undefined ? after : [`^${read}`, ...after];
    };
  }

  #writeUpdate(
    { update }: ProgramOptions,
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
      place: (variable) => this.#place(variable),
      value: (variable) => this.#read(variable),
      rate: "rate",
      after,
    };
    return {
      nodes: update.write(context, nodes),
      changed: [
        ...nodes.map(({ variable }) => variable),
        ...update.state(nodes.map(({ index }) => index)),
      ],
    };
  }

  /** Scalars leave as one vector, which is read at once; all outputs wait for the updates. */
  #writeOutputs(
    outputs: readonly Source[],
    last: readonly string[],
  ): readonly string[] {
    const graph = this.#graph;
    if (this.givesScalars) {
      const names = outputs.map((source) => this.#name(source));
      const attributes = [
        attribute("N", outputs.length),
        typeAttribute("T", "float32"),
        attribute("axis", 0),
      ];
      return [graph.add("output", "Pack", [...names, ...last], attributes)];
    }
    return outputs.map((source, index) =>
      graph.add(
        `output${index}`,
        "Identity",
        [this.#name(source), ...last],
        [typeAttribute("T", dtypeOf(source) as "float32")],
      ),
    );
  }

  #writePush(): readonly string[] {
    const graph = this.#graph;
    const inputs: string[] = [];
    const assigned = this.variables.map((variable, index) => {
      const dtype = variable.dtype as "float32";
      const input = graph.placeholder(`push${index}`, dtype, variable.shape);
      inputs.push(input);
      return graph.add(
        `pushed${index}`,
        "AssignVariableOp",
        [this.#place(variable), input],
        [typeAttribute("dtype", dtype)],
      );
    });
    graph.add(
      "pushed",
      "Identity",
      [graph.number(0), ...assigned.map((name) => `^${name}`)],
      [typeAttribute("T", "float32")],
    );
    return inputs;
  }

  #writePull(): readonly string[] {
    const graph = this.#graph;
    // The binding refuses a run without inputs.
    const trigger = graph.placeholder("trigger", "float32", []);
    return this.variables.map((variable, index) =>
      graph.add(
        `pull${index}`,
        "ReadVariableOp",
        [this.#place(variable), `^${trigger}`],
        [typeAttribute("dtype", variable.dtype as "float32")],
      ),
    );
  }

  #name(source: Source): string {
    switch (source.from) {
      case "operation": {
        const name = operationName(source.operation);
        return source.output === 0 ? name : `${name}:${source.output}`;
      }
      case "variable":
        return this.#read(source.variable);
      case "input":
        return `input${source.input}`;
      case "constant":
        return this.#graph.constant(source.constant);
      case "outside":
        return this.#feedOutside(source.id, source.tensor);
    }
  }

  #feedOutside(id: object, tensor: tf.Tensor): string {
    const known = this.#outsideNames.get(id);
    if (known !== undefined) return known;
    const { dtype, shape } = tensor;
    const name = `outside${this.outside.length}`;
    this.#graph.placeholder(name, dtype as "float32", shape);
    this.outside.push(tensor);
    this.#outsideNames.set(id, name);
    return name;
  }

  #place(variable: tf.Variable): string {
    const name = `variable${variable.id}`;
    if (this.variables.includes(variable)) return name;
    this.variables.push(variable);
    return this.#graph.add(
      name,
      "VarHandleOp",
      [],
      [
        typeAttribute("dtype", variable.dtype as "float32"),
        { name: "shape", type: attributeKind.shape, value: variable.shape },
        attribute("shared_name", `convnotes${this.#number}/${variable.id}`),
        attribute("container", ""),
      ],
    );
  }

  #read(variable: tf.Variable): string {
    const known = this.#reads.get(variable);
    if (known !== undefined) return known;
    const place = this.#place(variable);
    const name = this.#graph.add(
      `read${variable.id}`,
      "ReadVariableOp",
      [place],
      [typeAttribute("dtype", variable.dtype as "float32")],
    );
    this.#reads.set(variable, name);
    return name;
  }
}

function operationName({ index }: Operation): string {
  return `operation${index}`;
}

/** The operations on which outputs, updates and assignments depend. */
function neededBy(recording: Recording): Set<Operation> {
  const needed = new Set<Operation>();
  const pending: Source[] = [
    ...recording.outputs,
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

function isScalar(source: Source): boolean {
  return shapeOf(source).length === 0 && dtypeOf(source) === "float32";
}
