/**
 * Shape inference for operations that rearrange or reshape values.
 */
import {
  axisOf,
  isSame,
  kind,
  integersOf,
  spliced,
  type KnownInput,
  type Rule,
  type Rules,
} from "./rule";

const concatenation: Rule = ({ inputs }) => {
  const parts = inputs.slice(0, -1);
  const [first] = parts;
  const axis = axisOf(inputs.at(-1), first!.shape.length);
  if (axis === undefined) return undefined;
  const fits = parts.every(
    ({ shape, dtype }) =>
      dtype === first!.dtype &&
      shape.length === first!.shape.length &&
      shape.every((side, at) => at === axis || side === first!.shape[at]),
  );
  const total = parts.reduce((sum, { shape }) => sum + shape[axis]!, 0);
  return fits
    ? kind(first!.dtype, spliced(first!.shape, axis, 1, total))
    : undefined;
};

const reshaping: Rule = ({ inputs: [x, wanted] }) => {
  const shape = integersOf(wanted);
  if (shape === undefined) return undefined;
  const size = x!.shape.reduce((product, side) => product * side, 1);
  const open = shape.indexOf(-1);
  const rest = shape.reduce((all, side) => (side < 0 ? all : all * side), 1);
  const full = open < 0 ? shape : spliced(shape, open, 1, size / rest);
  const isWhole = full.every((side) => Number.isInteger(side) && side >= 0);
  const fits = full.reduce((all, side) => all * side, 1) === size;
  return isWhole && fits ? kind(x!.dtype, full) : undefined;
};

const slicing: Rule = ({ inputs: [x, begins, sizes] }) => {
  const from = integersOf(begins);
  const size = integersOf(sizes);
  if (from?.length !== x!.shape.length || size?.length !== from.length) {
    return undefined;
  }
  const shape = size.map((side, axis) =>
    side === -1 ? x!.shape[axis]! - from[axis]! : side,
  );
  const fits = shape.every(
    (side, axis) =>
      from[axis]! >= 0 && side >= 0 && from[axis]! + side <= x!.shape[axis]!,
  );
  return fits ? kind(x!.dtype, shape) : undefined;
};

const splitting: Rule = ({ inputs: [x, sizes, along] }) => {
  const parts = integersOf(sizes);
  const axis = axisOf(along, x!.shape.length);
  if (axis === undefined || parts === undefined) return undefined;
  const total = parts.reduce((sum, size) => sum + size, 0);
  if (total !== x!.shape[axis] || parts.some((size) => size < 0)) {
    return undefined;
  }
  return parts.map((size) => ({
    dtype: x!.dtype,
    shape: spliced(x!.shape, axis, 1, size),
  }));
};

const padding: Rule = ({ inputs: [x, widths] }) => {
  const around = integersOf(widths);
  if (around?.length !== 2 * x!.shape.length) return undefined;
  if (around.some((width) => width < 0)) return undefined;
  const shape = x!.shape.map(
    (side, axis) => side + around[2 * axis]! + around[2 * axis + 1]!,
  );
  return kind(x!.dtype, shape);
};

const gathering: Rule = ({ inputs: [x, rows, along], attribute }) => {
  const axis = axisOf(along, x!.shape.length);
  if (axis === undefined || attribute("batch_dims") !== 0) return undefined;
  const shape = spliced(x!.shape, axis, 1, ...rows!.shape);
  return kind(x!.dtype, shape);
};

const oneHot: Rule = ({ inputs: [classes, depth, on], attribute }) => {
  const [count] = integersOf(depth) ?? [];
  if (count === undefined || attribute("axis") !== -1) return undefined;
  return kind(on!.dtype, [...classes!.shape, count]);
};

const packing: Rule = ({ inputs, attribute }) => {
  const [first] = inputs;
  const isLike = ({ shape, dtype }: KnownInput) =>
    dtype === first!.dtype && isSame(shape, first!.shape);
  const axis = Number(attribute("axis"));
  return inputs.every(isLike) && axis >= 0 && axis <= first!.shape.length
    ? kind(first!.dtype, spliced(first!.shape, axis, 0, inputs.length))
    : undefined;
};

const unpacking: Rule = ({ inputs: [x], attribute }) => {
  const axis = Number(attribute("axis"));
  const count = Number(attribute("num"));
  if (axis < 0 || x!.shape[axis] !== count) return undefined;
  const shape = spliced(x!.shape, axis, 1);
  return Array.from({ length: count }, () => ({ dtype: x!.dtype, shape }));
};

const transposition: Rule = ({ inputs: [x, order] }) => {
  const axes = integersOf(order);
  const isOrder =
    axes?.length === x!.shape.length &&
    axes.every((axis) => x!.shape[axis] !== undefined) &&
    new Set(axes).size === axes.length;
  return isOrder
    ? kind(
        x!.dtype,
        axes.map((axis) => x!.shape[axis]!),
      )
    : undefined;
};

const tiling: Rule = ({ inputs: [x, repeats] }) => {
  const times = integersOf(repeats);
  return times?.length === x!.shape.length
    ? kind(
        x!.dtype,
        x!.shape.map((side, axis) => side * times[axis]!),
      )
    : undefined;
};

const expansion: Rule = ({ inputs: [x, along] }) => {
  const axis = axisOf(along, x!.shape.length + 1);
  return axis === undefined
    ? undefined
    : kind(x!.dtype, spliced(x!.shape, axis, 0, 1));
};

const resizing: Rule = ({ inputs: [x, size] }) => {
  const sides = integersOf(size);
  const [samples, , , last] = x!.shape;
  return x!.shape.length === 4 && sides?.length === 2
    ? kind(x!.dtype, [samples!, ...sides, last!])
    : undefined;
};

/** Rules for operations that select, join and rearrange values. */
export const rearranging: Rules = [
  ["ConcatV2", concatenation],
  ["ExpandDims", expansion],
  ["GatherV2", gathering],
  ["OneHot", oneHot],
  ["Pack", packing],
  ["PadV2", padding],
  ["Reshape", reshaping],
  ["ResizeNearestNeighbor", resizing],
  ["Slice", slicing],
  ["SplitV", splitting],
  ["Tile", tiling],
  ["Transpose", transposition],
  ["Unpack", unpacking],
];
