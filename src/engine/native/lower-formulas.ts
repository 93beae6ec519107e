/**
 * Lowers assignments of elementwise formulas, each to one instruction that reads and writes its
 * variables once.
 *
 * The updates of optimizers that are recorded operation by operation are such formulas: those of
 * Keras, Adadelta and centered RMSProp, for example.
 */
import { writtenFormula } from "./formula";
import { lowerElementwise } from "./lower-elementwise";
import type { Lowering } from "./lowering";
import { binaryFunction, unaryFunction } from "./operations";
import type { Location } from "./location";
import type { SimplifiedStep } from "./simplify";
import type { tf } from "../tfjs/library";
import { sizeOf, type Data, type StepNode, type Value } from "./values";

type Assignment = SimplifiedStep["assignments"][number];

/**
 * Returns the nodes of formulas: their results are assigned to variables, and only formulas use
 * them.
 */
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

/** Returns whether a node is an elementwise function of values of its own size and of scalars. */
function isOfSingleNumbers({ name, inputs, outputs }: StepNode): boolean {
  const size = sizeOf(outputs[0]!.shape);
  const isKnown = name in unaryFunction || name in binaryFunction;
  // A leaky ReLU has a parameter, which formulas cannot encode.
  if (size <= 1 || !isKnown || name === "LeakyRelu") return false;
  return inputs.every(({ data, shape }) => {
    const own = sizeOf(shape);
    // Unary functions take no constant operand.
    if (name in unaryFunction) return own === size && data.kind !== "uniform";
    return data.kind === "uniform" || own === size || own === 1;
  });
}

/**
 * Lowers the assignments, which run after all other instructions.
 *
 * @param changed The variables that the optimizer's update changes at the same time.
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
      // Instructions at the end do not wait for each other, so a variable that another one changes
      // is copied first.
      return isInTime ? location : lowering.valueBefore(value);
    };
    write(lowering, group, locate);
  }
}

/** Assignments that share nodes, and all their nodes in order. */
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

/** Adds the nodes that compute a value to `nodes`. */
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
    for (const node of nodes) lowerElementwise(lowering, node);
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
