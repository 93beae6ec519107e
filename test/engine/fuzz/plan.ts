/**
 * What a random program is made of: models, how they are compiled, and what is done with them. All of it is data that can be printed.
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
  /** The layer that a wrapper is around. */
  readonly within?: LayerPlan;
  /** Parts of the layer that are of the program's own: activation, kernelRegularizer, kernelConstraint. */
  readonly ownParts?: readonly string[];
}

/** A layer or model applied to values that were made before: inputs first, then nodes in order. */
export interface NodePlan {
  readonly from: readonly number[];
  readonly layer?: LayerPlan;
  /** The number of the node whose layer is applied again. */
  readonly shares?: number;
  readonly model?: ModelPlan;
}

export interface InputPlan {
  readonly shape: readonly number[];
  /** How many different numbers there are, if they are indices. */
  readonly indices?: number;
}

/** What an output is for: any number, a share of classes, or yes and no. */
export type OutputKind = "linear" | "softmax" | "sigmoid";

export interface ModelPlan {
  readonly inputs: readonly InputPlan[];
  readonly nodes: readonly NodePlan[];
  readonly outputs: readonly number[];
  readonly outputKinds: readonly OutputKind[];
  /** Rows of every batch, where a layer keeps its state. */
  readonly batch?: number;
  /** Whether a layer draws numbers at random that the engine draws otherwise: only shapes are compared. */
  readonly drawsAtRandom?: boolean;
}

export interface OptimizerPlan {
  readonly kind: string;
  readonly parameters: readonly (number | boolean)[];
  /** One of the kinds of own optimizers in own-code.ts. */
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
  /** Which of the sets of numbers. */
  readonly set: number;
  readonly rows: number;
  /** The first input stands for all inputs of its shape. */
  readonly sameInputs?: boolean;
  /** The inputs are the labels of all outputs of their shape. */
  readonly inputsAsLabels?: boolean;
}

/** Something that a program does. `on` is the model itself or a second one of the same plan. */
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
  /** A number that picks a layer, a weight or a way of doing it. */
  readonly which?: number;
  readonly compile?: CompilePlan;
}

export interface CallbackPlan {
  readonly event: string;
  /** After how many events of the kind something is done. */
  readonly after: number;
  readonly action: Action;
  /** A class of its own, instead of an object. */
  readonly kind: "object" | "CustomCallback" | "Callback";
}

export interface Plan {
  readonly seed: number;
  readonly model: ModelPlan;
  readonly compile: CompilePlan;
  readonly actions: readonly Action[];
}
