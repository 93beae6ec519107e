/**
 * Shape inference for elementwise operations and reductions.
 */
import { dataType } from "../tfjs/attribute";
import type { tf } from "../tfjs/library";
import {
  all,
  areFloats,
  axisOf,
  broadcast,
  isSame,
  kind,
  integersOf,
  type Rule,
  type Rules,
} from "./rule";

const unary: Rule = ({ inputs: [x] }) => kind(x!.dtype, x!.shape);

const unaryOfFloats: Rule = ({ inputs: [x] }) =>
  x!.dtype === "float32" ? kind("float32", x!.shape) : undefined;

const binary: Rule = ({ inputs: [a, b] }) =>
  a!.dtype === b!.dtype && a!.dtype !== "bool"
    ? kind(a!.dtype, broadcast(a!.shape, b!.shape))
    : undefined;

const comparison: Rule = ({ inputs: [a, b] }) =>
  a!.dtype === b!.dtype
    ? kind("bool", broadcast(a!.shape, b!.shape))
    : undefined;

/** For tensors of the same shape, such as a value and its gradient. */
const sameShapes: Rule = ({ inputs: [a, b] }) =>
  a!.dtype === "float32" && b!.dtype === "float32" && isSame(a!.shape, b!.shape)
    ? kind("float32", a!.shape)
    : undefined;

const reduction: Rule = ({ inputs: [x, axes], attribute }) => {
  const numbers = integersOf(axes);
  if (numbers === undefined) return undefined;
  const rank = x!.shape.length;
  const gone = new Set(numbers.map((axis) => (axis < 0 ? axis + rank : axis)));
  if ([...gone].some((axis) => axis < 0 || axis >= rank)) return undefined;
  const shape = attribute("keep_dims")
    ? x!.shape.map((side, axis) => (gone.has(axis) ? 1 : side))
    : x!.shape.filter((_, axis) => !gone.has(axis));
  return kind(x!.dtype, shape);
};

const indexOfMost: Rule = ({ inputs: [x, along], attribute }) => {
  const axis = axisOf(along, x!.shape.length);
  if (axis === undefined || attribute("output_type") !== dataType.int32) {
    return undefined;
  }
  const shape = x!.shape.filter((_, each) => each !== axis);
  return kind("int32", shape);
};

const selection: Rule = ({ inputs: [condition, yes, no] }) =>
  condition!.dtype === "bool" &&
  yes!.dtype === no!.dtype &&
  isSame(condition!.shape, yes!.shape) &&
  isSame(yes!.shape, no!.shape)
    ? kind(yes!.dtype, yes!.shape)
    : undefined;

const addedBias: Rule = ({ inputs: [x, bias], attribute }) =>
  attribute("data_format") === "NHWC" &&
  x!.shape.length > 1 &&
  isSame(bias!.shape, x!.shape.slice(-1)) &&
  areFloats([x!, bias!])
    ? kind("float32", x!.shape)
    : undefined;

const nameOfType = new Map<unknown, tf.DataType>([
  [dataType.float32, "float32"],
  [dataType.int32, "int32"],
  // tfjs represents bytes as integers.
  [dataType.uint8, "int32"],
  [dataType.bool, "bool"],
]);

const cast: Rule = ({ inputs: [x], attribute }) => {
  const dtype = nameOfType.get(attribute("DstT"));
  return dtype && kind(dtype, x!.shape);
};

/** The four bytes of each integer. */
const bytes: Rule = ({ inputs: [x], attribute }) =>
  attribute("T") === dataType.int32 && attribute("type") === dataType.uint8
    ? kind("int32", [...x!.shape, 4])
    : undefined;

const random: Rule = ({ inputs: [shape], attribute }) => {
  const dtype = nameOfType.get(attribute("dtype"));
  return dtype && kind(dtype, integersOf(shape));
};

const filling: Rule = ({ inputs: [shape, value] }) =>
  kind(value!.dtype, integersOf(shape));

/** Rules for elementwise operations, reductions, and operations that create values. */
export const elementwise: Rules = [
  ...all("Abs Identity Neg OnesLike Square ZerosLike", unary),
  ...all(
    "Cos Elu Erf Exp Expm1 Floor LeakyRelu Log Log1p Reciprocal Relu Relu6 Rsqrt Selu Sigmoid Sin Softmax Softplus Sqrt Tanh",
    unaryOfFloats,
  ),
  ["IsNan", ({ inputs: [x] }) => kind("bool", x!.shape)],
  ...all("Add AddV2 DivNoNan Maximum Minimum Mul Pow Sub", binary),
  ...all("RealDiv SquaredDifference", binary),
  ...all("Equal Greater GreaterEqual Less LessEqual NotEqual", comparison),
  ...all("LogicalAnd LogicalOr", comparison),
  ...all("EluGrad ReluGrad Relu6Grad SigmoidGrad TanhGrad", sameShapes),
  ...all("All Any Max Mean Min Prod Sum", reduction),
  ...all("ArgMax ArgMin", indexOfMost),
  ["BiasAdd", addedBias],
  ["Bitcast", bytes],
  ["Cast", cast],
  ["Fill", filling],
  ["Select", selection],
  ...all("StatelessRandomNormal StatelessRandomUniformFullInt", random),
];
