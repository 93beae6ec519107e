/**
 * Updates of an optimizer as TensorFlow's own operations.
 *
 * tfjs composes an update of ten small operations a variable; TensorFlow has one (`ResourceApplyAdam` and its like) that
 * goes once over the numbers and changes them in place. Each file beside this one knows one of tfjs's optimizers: which
 * variables hold its state, and how its formula is had from TensorFlow's operation. An optimizer that none knows is recorded
 * operation by operation, as everything else.
 */
import type { GraphWriter } from "../graph/graph-writer";
import { attribute, typeAttribute, type Attribute } from "../tfjs/attribute";
import { tf } from "../tfjs/library";

/** The variables that tfjs keeps for an optimizer, one for each variable that it trains. */
export type Slots = readonly {
  /** `NAME/m` for the `m` of the variable NAME. */
  readonly originalName?: string;
  readonly variable: tf.Variable;
}[];

/** A list of an optimizer's variables, as a step finds it before there is one for each variable that is trained. */
export interface NewSlots {
  readonly slots: Slots;
  /** The end of their names. */
  readonly name: string;
  /** What they are full of at first; 0 by default. */
  readonly value?: number;
}

/** Makes an optimizer's variables for those that it is to train, in the order of tfjs's first step; those that there are stay. */
export function beginSlots(
  trained: readonly tf.Variable[],
  lists: readonly NewSlots[],
): void {
  for (const [index, { name: of, shape }] of trained.entries()) {
    for (const { slots, name, value = 0 } of lists) {
      if (slots[index] !== undefined) continue;
      const variable = tf.tidy(() => {
        const values = new Float32Array(tf.util.sizeFromShape(shape));
        return tf.tensor(values.fill(value), shape).variable(false);
      });
      (slots as Slots[number][])[index] = {
        originalName: `${of}/${name}`,
        variable,
      };
    }
  }
}

/** A variable and the names of the nodes that its update needs. */
export interface UpdateNodes {
  /** Place in the optimizer's list of variables, from 0. */
  readonly index: number;
  readonly variable: tf.Variable;
  readonly gradient: string;
}

/** The part of the graph being written that an update may use. */
export interface UpdateContext {
  readonly graph: GraphWriter;
  /** Name of the node that stands for a variable as a place, to be updated. */
  place(variable: tf.Variable): string;
  /** Name of the node that has a variable's value as it was before the step. */
  value(variable: tf.Variable): string;
  /** Names of the nodes that are given the {@link FusedUpdate.settings} at each run. */
  readonly settings: readonly string[];
  /** Control inputs that an update of a variable needs: what must have run before. */
  after(variable: tf.Variable): readonly string[];
}

/** An optimizer whose update the engine can write. */
export interface FusedUpdate {
  /** What decides the graph beside numbers: two updates of one form differ in settings and variables only. */
  readonly form: string;
  /** The numbers that each run is given, as tfjs would use them now: first the learning rate. */
  settings(): readonly number[];
  /** Variables of the optimizer that change in a step, beside those it trains; undefined for those that its first step will make. */
  state(indices: readonly number[]): readonly (tf.Variable | undefined)[];
  /** Makes the variables of its state that its first step would make, for the variables that it is to train; none if it has no state. */
  begin?(trained: readonly tf.Variable[]): void;
  /** Adds the nodes that update the variables; gives the names of those that have to run. */
  write(
    context: UpdateContext,
    updates: readonly UpdateNodes[],
  ): readonly string[];
}

/** The variable of one slot. */
export function slot(slots: Slots, index: number): tf.Variable {
  return slots[index]!.variable;
}

/** The variables of some slots, undefined for a slot that is not there yet. */
export function slotsOf(
  slots: Slots,
  indices: readonly number[],
): (tf.Variable | undefined)[] {
  return indices.map((index) => slots[index]?.variable);
}

/** Attributes that every update operation has. */
export const updateAttributes: readonly Attribute[] = [
  typeAttribute("T", "float32"),
  // Nothing else writes the variables while the step runs.
  attribute("use_locking", false),
];

/** A node that gives a variable of the optimizer a new value, after the nodes named have run. */
export function assign(
  { graph, place, after }: UpdateContext,
  variable: tf.Variable,
  value: string,
  others: readonly string[] = [],
): string {
  return graph.add(
    `assign/${variable.id}`,
    "AssignVariableOp",
    [
      place(variable),
      value,
      ...after(variable),
      ...others.map((name) => `^${name}`),
    ],
    [typeAttribute("dtype", "float32")],
  );
}
