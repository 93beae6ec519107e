/**
 * Finds L2 penalties on weights, so that their squares and gradients are not stored: the squares
 * are summed as they are computed, and the update adds the gradient.
 */
import type { Lowering } from "./lowering";
import type { SimplifiedStep } from "./simplify";
import type { Data, StepNode, Value } from "./values";

/** The penalties of a step. */
export interface Penalties {
  /** Nodes that are part of other instructions. */
  readonly nodes: ReadonlySet<StepNode>;
  /**
   * Gradients that are the sum of a penalty's gradient, `factor` times the weight, and another
   * gradient.
   */
  readonly gradients: ReadonlyMap<
    Data,
    { readonly factor: number; readonly other: Value }
  >;
}

/** A value that is squared, the factor of the squares, and the nodes that compute both. */
interface Squares {
  readonly source: Value;
  readonly factor: number;
  readonly nodes: readonly StepNode[];
}

/**
 * Returns the squares that a value consists of, with or without a factor. Returns undefined for
 * other values.
 */
export function squaresOf({ data }: Value): Squares | undefined {
  if (data.kind !== "output" || data.node.name !== "Mul") return undefined;
  const { node } = data;
  const [a, b] = node.inputs as [Value, Value];
  if (a.data === b.data) return { source: a, factor: 1, nodes: [node] };
  if (a.data.kind !== "uniform") return undefined;
  const inner = squaresOf(b);
  if (inner?.factor !== 1) return undefined;
  return { ...inner, factor: a.data.value, nodes: [node, ...inner.nodes] };
}

/**
 * Whether a node squares shared values, such as the gradient of a weight, only for their sum.
 *
 * The nodes before it must have been lowered.
 */
export function isSummedSquare(lowering: Lowering, node: StepNode): boolean {
  const [source, other] = node.inputs as [Value, Value?];
  const { data } = source;
  return (
    node.name === "Mul" &&
    data === other?.data &&
    (data.kind === "variable" || data.kind === "output") &&
    lowering.onlyUser(node.outputs[0]!, "Sum") !== undefined &&
    !lowering.isRows(source)
  );
}

/**
 * Finds the penalties of a step. Their gradients are included only if the optimizer's update has a
 * kernel.
 */
export function penaltiesOf(
  lowering: Lowering,
  { nodes, outputs, updates, assignments }: SimplifiedStep,
  hasKernel: boolean,
): Penalties {
  const wanted = new Set(
    [
      ...outputs,
      ...updates.map(({ gradient }) => gradient),
      ...assignments.map(({ value }) => value),
    ].map(({ data }) => data),
  );
  const isInside = ({ outputs: [output] }: StepNode) =>
    lowering.usersOf(output!).length === 1 && !wanted.has(output!.data);
  const inside = new Set<StepNode>();
  for (const { name, inputs } of nodes) {
    const squares = name === "Sum" ? squaresOf(inputs[0]!) : undefined;
    if (squares?.source.data.kind !== "variable") continue;
    if (!squares.nodes.every(isInside)) continue;
    for (const node of squares.nodes) inside.add(node);
  }
  const gradients = new Map<Data, { factor: number; other: Value }>();
  for (const { variable, gradient } of hasKernel ? updates : []) {
    const { data } = gradient;
    if (data.kind !== "output" || !/^Add(V2)?$/.test(data.node.name)) continue;
    const users = lowering.usersOf(gradient).length;
    const times = updates.filter((each) => each.gradient.data === data).length;
    if (users > 0 || times > 1) continue;
    const [a, b] = data.node.inputs as [Value, Value];
    for (const [penalty, other] of [
      [a, b],
      [b, a],
    ] as const) {
      const factor = factorOf(penalty, variable);
      const node = penalty.data.kind === "output" && penalty.data.node;
      if (factor === undefined || !node || !isInside(node)) continue;
      gradients.set(data, { factor, other });
      inside.add(data.node).add(node);
      break;
    }
  }
  return { nodes: inside, gradients };
}

/**
 * Returns the factor of a value that is a constant times the variable. Returns undefined for other
 * values.
 */
function factorOf({ data }: Value, variable: unknown): number | undefined {
  if (data.kind !== "output" || data.node.name !== "Mul") return undefined;
  const [a, b] = data.node.inputs as [Value, Value];
  const isOfVariable =
    a.data.kind === "uniform" &&
    b.data.kind === "variable" &&
    b.data.variable === variable;
  return isOfVariable && a.data.kind === "uniform" ? a.data.value : undefined;
}
