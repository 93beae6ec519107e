/**
 * Defines tensors whose values are known when a step is recorded.
 */
import type { Values } from "./data";

/** The type, shape and values of a tensor. */
export interface Constant {
  readonly dtype: "float32" | "int32" | "bool";
  readonly shape: readonly number[];
  readonly values: Values;
}
