/**
 * Optimizer updates as TensorFlow's own operations.
 *
 * tfjs composes an update of ten small operations per variable. TensorFlow has single operations
 * (`ResourceApplyAdam` and similar) that make one pass over the values and change them in place.
 * Each file in this folder supports one of tfjs's optimizers: which variables hold its state, and
 * how TensorFlow's operation yields its formula. Unsupported optimizers are recorded operation by
 * operation.
 */
import type { GraphWriter } from "../graph/graph-writer";
import { attribute, typeAttribute, type Attribute } from "../tfjs/attribute";
import { tf } from "../tfjs/library";
import type { Slots } from "../tfjs/optimizer-internals";

/**
 * A list of an optimizer's variables, before the step that creates one for each trained variable.
 */
interface NewSlots {
  readonly slots: Slots;
  /** The suffix of their names. */
  readonly name: string;
  /** Their initial value; 0 by default. */
  readonly value?: number;
}

/**
 * Creates an optimizer's variables for the variables to train, in the order of tfjs's first step.
 * Existing ones are unchanged.
 */
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
interface UpdateNodes {
  /** Index in the optimizer's list of variables. */
  readonly index: number;
  readonly variable: tf.Variable;
  readonly gradient: string;
}

/** The part of the graph in which an update is written. */
export interface UpdateContext {
  readonly graph: GraphWriter;
  /** Returns the name of the handle node of a variable to be updated. */
  handle(variable: tf.Variable): string;
  /** Returns the name of the node with a variable's value before the step. */
  value(variable: tf.Variable): string;
  /** Names of the placeholders of the {@link FusedUpdate.settings}, which are fed at each run. */
  readonly settings: readonly string[];
  /** Returns the control inputs of a variable's update: nodes that must run before it. */
  after(variable: tf.Variable): readonly string[];
}

/** An optimizer whose update the engine can write. */
export interface FusedUpdate {
  /**
   * Identifies the graph apart from settings: two updates of one form differ only in settings and
   * variables.
   */
  readonly form: string;
  /** Returns the settings to feed, as tfjs would use them now: first the learning rate. */
  settings(): readonly number[];
  /**
   * Returns the optimizer's variables that change in a step, in addition to those it trains;
   * undefined for those that its first step will create.
   */
  state(indices: readonly number[]): readonly (tf.Variable | undefined)[];
  /**
   * Creates the variables of its state that its first step would create for the variables to train.
   * Not defined if it has no state.
   */
  begin?(trained: readonly tf.Variable[]): void;
  /** Adds the nodes that update the variables; returns the names of those that must run. */
  write(
    context: UpdateContext,
    updates: readonly UpdateNodes[],
  ): readonly string[];
}

/** Returns the variable of one slot. */
export function slot(slots: Slots, index: number): tf.Variable {
  return slots[index]!.variable;
}

/** Returns the variables of some slots; undefined for a slot that does not exist yet. */
export function slotsOf(
  slots: Slots,
  indices: readonly number[],
): (tf.Variable | undefined)[] {
  return indices.map((index) => slots[index]?.variable);
}

/** Attributes of every update operation. */
export const updateAttributes: readonly Attribute[] = [
  typeAttribute("T", "float32"),
  // Nothing else writes the variables while the step runs.
  attribute("use_locking", false),
];

/**
 * Adds a node that sets a variable of the optimizer to a new value after the given nodes have run.
 */
export function assign(
  { graph, handle, after }: UpdateContext,
  variable: tf.Variable,
  value: string,
  others: readonly string[] = [],
): string {
  return graph.add(
    `assign/${variable.id}`,
    "AssignVariableOp",
    [
      handle(variable),
      value,
      ...after(variable),
      ...others.map((name) => `^${name}`),
    ],
    [typeAttribute("dtype", "float32")],
  );
}
