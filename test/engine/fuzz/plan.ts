/**
 * The plan of a random program: models, how they are compiled, and what is done with them. Plans
 * are plain data that can be printed.
 */

/** A setting of a layer. */
export type Setting =
  | number
  | string
  | boolean
  | null
  | readonly Setting[]
  | { readonly [name: string]: Setting };

/** A layer: one of `tf.layers`, or one of the kinds in own-code.ts. */
export interface LayerPlan {
  readonly kind: string;
  readonly settings: Readonly<Record<string, Setting>>;
  /** The layer inside a wrapper. */
  readonly within?: LayerPlan;
  /** Custom parts of the layer: activation, kernelRegularizer, kernelConstraint. */
  readonly ownParts?: readonly string[];
}

/** A layer or model applied to previous values: inputs first, then nodes in order. */
export interface NodePlan {
  readonly from: readonly number[];
  readonly layer?: LayerPlan;
  /** The index of the node whose layer is reused. */
  readonly shares?: number;
  readonly model?: ModelPlan;
}

export interface InputPlan {
  readonly shape: readonly number[];
  /** Number of different values, if they are indices. */
  readonly indices?: number;
}

/** What an output represents: any number, class probabilities, or a binary decision. */
export type OutputKind = "linear" | "softmax" | "sigmoid";

export interface ModelPlan {
  readonly inputs: readonly InputPlan[];
  readonly nodes: readonly NodePlan[];
  readonly outputs: readonly number[];
  readonly outputKinds: readonly OutputKind[];
  /** Rows of every batch, if a layer keeps its state. */
  readonly batch?: number;
  /** Whether a layer draws random values that differ in the engine: only shapes are compared. */
  readonly drawsAtRandom?: boolean;
}

export interface OptimizerPlan {
  readonly kind: string;
  readonly parameters: readonly (number | boolean)[];
  /** One of the kinds of custom optimizers in own-code.ts. */
  readonly own?: string;
}

export interface CompilePlan {
  readonly optimizer: OptimizerPlan;
  /** Names of TensorFlow.js, or "own:…" for a kind in own-code.ts. */
  readonly losses: readonly string[];
  readonly metrics: readonly string[];
}

/** The data of an action: which rows, which of several sets, and what shares its tensors. */
export interface DataPlan {
  /** Index of the set of values. */
  readonly set: number;
  readonly rows: number;
  /** The first input is used for all inputs of its shape. */
  readonly sameInputs?: boolean;
  /** The inputs are the labels of all outputs of their shape. */
  readonly inputsAsLabels?: boolean;
}

/** An action of a program. `on` is the model itself or a second one of the same plan. */
export interface Action {
  readonly does: string;
  readonly on?: "model" | "twin";
  readonly data?: DataPlan;
  readonly validation?: DataPlan;
  readonly validationSplit?: number;
  readonly batchSize?: number;
  readonly epochs?: number;
  readonly times?: number;
  readonly shuffle?: boolean;
  readonly verbose?: 0 | 1;
  readonly classWeight?: boolean;
  readonly sampleWeight?: boolean;
  readonly callback?: CallbackPlan;
  readonly field?: string;
  readonly value?: number | boolean;
  /** A number that selects a layer, a weight or a variant. */
  readonly which?: number;
  readonly compile?: CompilePlan;
}

export interface CallbackPlan {
  readonly event: string;
  /** Number of events after which something is done. */
  readonly after: number;
  readonly action: Action;
  /** A custom class, instead of an object. */
  readonly kind: "object" | "CustomCallback" | "Callback";
}

export interface Plan {
  readonly seed: number;
  readonly model: ModelPlan;
  readonly compile: CompilePlan;
  readonly actions: readonly Action[];
}
