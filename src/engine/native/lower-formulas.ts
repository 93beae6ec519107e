/**
 * Assignments whose values are formulas of single numbers: each is one instruction, which goes over its variables once. The updates of
 * optimizers that are recorded operation by operation are such formulas, Keras's, Adadelta and centred RMSProp among them.
 */
import { writtenFormula } from "./formula";
import { lowerNumbers } from "./lower-numbers";
import type { Lowering } from "./lowering";
import { binaryFunction, unaryFunction } from "./operations";
import type { Location } from "./location";
import type { SimplifiedStep } from "./simplify";
import type { tf } from "../tfjs/library";
import { sizeOf, type Data, type StepNode, type Value } from "./values";

type Assignment = SimplifiedStep["assignments"][number];

/** The nodes of formulas: what is computed of them is assigned, and used by nothing but formulas. */
export function formulaNodes(
  lowering: Lowering,
  { nodes, outputs, assignments, updates }: SimplifiedStep,
): ReadonlySet<StepNode> {
  const assigned = new Set(assignments.map(({ value }) => value.data));
  const wanted = new Set<Data>([
    ...outputs.map(({ data }) => data),
    ...updates.map(({ gradient }) => gradient.data),
  ]);
  const found = new Set<StepNode>();
  for (const node of [...nodes].reverse()) {
    const [output] = node.outputs as [Value];
    const users = lowering.usersOf(output);
    const isInside =
      isOfSingleNumbers(node) &&
      !wanted.has(output.data) &&
      (users.length > 0 || assigned.has(output.data)) &&
      users.every((user) => found.has(user));
    if (isInside) found.add(node);
  }
  return found;
}

/** Whether each number of several comes of the numbers at its own place, and of single ones. */
function isOfSingleNumbers({ name, inputs, outputs }: StepNode): boolean {
  const size = sizeOf(outputs[0]!.shape);
  const isKnown = name in unaryFunction || name in binaryFunction;
  // A leaky ReLU has a number of its own, for which formulas have no place.
  if (size <= 1 || !isKnown || name === "LeakyRelu") return false;
  return inputs.every(({ data, shape }) => {
    const own = sizeOf(shape);
    // A function of one number takes none that is its own.
    if (name in unaryFunction) return own === size && data.kind !== "uniform";
    return data.kind === "uniform" || own === size || own === 1;
  });
}

/**
 * Writes the assignments, after everything else. `changed`: the variables that the optimizer's own update changes meanwhile.
 */
export function lowerAssignments(
  lowering: Lowering,
  { nodes, assignments }: SimplifiedStep,
  inside: ReadonlySet<StepNode>,
  changed: readonly (tf.Variable | undefined)[],
): void {
  const open = new Set(
    nodes.filter((node) => inside.has(node) && !lowering.isFinished(node)),
  );
  const all = new Set([
    ...changed,
    ...assignments.map(({ variable }) => variable),
  ]);
  for (const group of groupsOf(assignments, open)) {
    const own = new Set(group.assignments.map(({ variable }) => variable));
    const locate = (value: Value) => {
      const location = lowering.shared(value);
      const { data } = value;
      const isInTime =
        data.kind !== "variable" ||
        !all.has(data.variable) ||
        (group.nodes.length > 0 && own.has(data.variable));
      // Instructions at the end do not wait for each other.
      return isInTime ? location : lowering.valueBefore(value);
    };
    write(lowering, group, locate);
  }
}

/** Assignments that have nodes in common, and all of their nodes in order. */
interface Group {
  readonly assignments: readonly Assignment[];
  readonly nodes: readonly StepNode[];
}

function groupsOf(
  assignments: readonly Assignment[],
  open: ReadonlySet<StepNode>,
): readonly Group[] {
  let groups: {
    readonly assignments: readonly Assignment[];
    readonly nodes: ReadonlySet<StepNode>;
  }[] = [];
  for (const assignment of assignments) {
    const nodes = new Set<StepNode>();
    addNodes(assignment.value, open, nodes);
    const joined = groups.filter((each) =>
      [...each.nodes].some((node) => nodes.has(node)),
    );
    const group = {
      assignments: [...joined.flatMap((each) => each.assignments), assignment],
      nodes: new Set([...joined.flatMap((each) => [...each.nodes]), ...nodes]),
    };
    groups = [...groups.filter((each) => !joined.includes(each)), group];
  }
  return groups.map((group) => ({
    assignments: group.assignments,
    nodes: [...open].filter((node) => group.nodes.has(node)),
  }));
}

/** Adds the nodes of which a value is computed. */
function addNodes(
  { data }: Value,
  open: ReadonlySet<StepNode>,
  nodes: Set<StepNode>,
): void {
  if (data.kind !== "output" || !open.has(data.node)) return;
  if (nodes.has(data.node)) return;
  nodes.add(data.node);
  for (const input of data.node.inputs) addNodes(input, open, nodes);
}

function write(
  lowering: Lowering,
  { assignments, nodes }: Group,
  locate: (value: Value) => Location,
): void {
  const { writer } = lowering;
  const variables = assignments.map(
    ({ variable }) => lowering.variable(variable).buffer,
  );
  const values = assignments.map(({ value }) => value);
  const formula = nodes.length > 0 ? writtenFormula(nodes, values) : undefined;
  if (formula === undefined) {
    for (const node of nodes) lowerNumbers(lowering, node);
    for (const [index, { variable, value }] of assignments.entries()) {
      const integers = [sizeOf(variable.shape)];
      const { buffer } = locate(value);
      writer.atEnd("copy", [variables[index]!, buffer], { integers });
    }
    return;
  }
  const { reads, integers, numbers } = formula;
  const buffers = reads.map((value) => locate(value).buffer);
  writer.atEnd("formula", [...variables, ...buffers], { integers, numbers });
}
