/**
 * Finds results that need no computation: of reshapes, sums with 0, products with 1, and functions
 * of constants whose values are all equal.
 */
import type { Operation } from "../recording/recording";
import { integersOf, sizeOf, type Data, type Value } from "./values";

/** Operations that return their first input in another shape. */
const views = new Set([
  "Reshape",
  "Identity",
  "ExpandDims",
  "Squeeze",
  "StopGradient",
]);

/** Reductions that leave values unchanged along an axis of size 1. */
const reductions = new Set(["Sum", "Mean", "Max", "Min", "Prod"]);

type BinaryFunction = (a: number, b: number) => number;

const binaryFunctions: Readonly<Record<string, BinaryFunction>> = {
  Add: (a, b) => a + b,
  AddV2: (a, b) => a + b,
  Sub: (a, b) => a - b,
  Mul: (a, b) => a * b,
  RealDiv: (a, b) => a / b,
  Maximum: Math.max,
  Minimum: Math.min,
  Pow: Math.pow,
};

const unaryFunctions: Readonly<Record<string, (x: number) => number>> = {
  Neg: (x) => -x,
  Square: (x) => x * x,
  Sqrt: Math.sqrt,
  Exp: Math.exp,
  Log: Math.log,
  Floor: Math.floor,
};

/** Returns the result of an operation if it is a constant or one of its inputs. */
export function simpleResult(
  operation: Operation,
  inputs: readonly Value[],
): { readonly data: Data } | undefined {
  const { name, outputs } = operation;
  const [a, b] = inputs;
  const size = sizeOf(outputs[0]!.shape);
  const isWhole = (value: Value) => sizeOf(value.shape) === size;
  if (views.has(name) && a) return a;
  if (a && keepsOrder(operation, inputs)) return a;
  // For computed values this would be wrong: a sum over one sample is not a row of samples.
  const isUniform = a?.data.kind === "uniform";
  if (isUniform && reductions.has(name) && isWhole(a)) return a;
  if (name === "Cast" && a && isFreeCast(operation, a)) return a;
  if (name === "Fill" && b?.data.kind === "uniform") return b;
  if (name === "ZerosLike") return uniform(0);
  if (name === "OnesLike") return uniform(1);
  if (!a) return undefined;
  const one = a.data.kind === "uniform" ? a.data.value : undefined;
  const unary = unaryFunctions[name];
  if (one !== undefined && unary) return uniform(Math.fround(unary(one)));
  const binary = binaryFunctions[name];
  if (!binary || !b || outputs[0]!.dtype !== "float32") return undefined;
  const other = b.data.kind === "uniform" ? b.data.value : undefined;
  if (one !== undefined && other !== undefined) {
    return uniform(Math.fround(binary(one, other)));
  }
  const isProduct = name === "Mul";
  const isSum = name === "Add" || name === "AddV2";
  if ((isProduct && one === 1) || (isSum && one === 0)) {
    return isWhole(b) ? b : undefined;
  }
  const leaves =
    ((isProduct || name === "RealDiv") && other === 1) ||
    ((isSum || name === "Sub") && other === 0);
  return leaves && isWhole(a) ? a : undefined;
}

/** Returns whether a slice or a transposition leaves all elements in their order. */
function keepsOrder(
  { name, outputs }: Operation,
  [a, b]: readonly Value[],
): boolean {
  if (name === "Slice") return sizeOf(outputs[0]!.shape) === sizeOf(a!.shape);
  const axes = name === "Transpose" ? integersOf(b!) : undefined;
  const long = axes?.filter((axis) => a!.shape[axis] !== 1);
  return (
    long?.every((axis, place) => place === 0 || axis > long[place - 1]!) ??
    false
  );
}

/** Returns a constant whose values are all equal. */
export function uniform(value: number): { readonly data: Data } {
  return { data: { kind: "uniform", value } };
}

/**
 * Returns whether a cast leaves the values unchanged. All values are stored as float32, regardless
 * of their type.
 */
function isFreeCast(operation: Operation, { dtype, data }: Value): boolean {
  const to = operation.outputs[0]!.dtype;
  if (data.kind === "uniform") {
    return to !== "bool" && (to !== "int32" || Number.isInteger(data.value));
  }
  if (to === "bool") return dtype === "bool";
  if (to !== "int32") return true;
  return (
    dtype !== "float32" ||
    (data.kind === "output" && data.node.name === "Floor")
  );
}
