/**
 * Kernels that use more efficient TensorFlow operations than tfjs-node's own.
 *
 * tfjs-node implements each kernel of tfjs by one or more general operations: every matrix product
 * is a batched one, and a bias is an addition with broadcasting. TensorFlow has operations for the
 * special cases that networks consist of. It recognizes *those* when it fuses a convolution with
 * the operations that follow.
 */
import { runtime } from "../engine-runtime";
import { attribute, typeAttribute } from "../tfjs/attribute";
import { execute } from "../tfjs/backend";
import { gradientDepth } from "../tfjs/engine-state";
import { tf } from "../tfjs/library";
import { isRecording } from "../recording/active-recorder";
import { gather } from "./gather";

/** A kernel as registered in tfjs, without the backend, which is always the same. */
export type Kernel = (call: KernelCall) => tf.TensorInfo | tf.TensorInfo[];

interface KernelCall {
  readonly inputs: Readonly<Record<string, tf.TensorInfo>>;
  readonly attrs: Readonly<Record<string, unknown>>;
}

/** Creates a kernel that handles the special case and leaves the rest to the previous kernel. */
type KernelImprovement = (previous: Kernel) => Kernel;

const float = typeAttribute("T", "float32");
const channelsLast = attribute("data_format", "NHWC");

/** Whether `b` is added to `a` as a bias: one value per channel, along the last axis. */
function isBias(a: tf.TensorInfo, b: tf.TensorInfo): boolean {
  return (
    b.shape.length === 1 &&
    a.shape.length >= 2 &&
    a.shape.length <= 5 &&
    a.dtype === "float32" &&
    b.dtype === "float32" &&
    a.shape[a.shape.length - 1] === b.shape[0]
  );
}

/**
 * Whether `MatMul` sums products at least as accurately as tfjs-node's `BatchMatMulV2`. For a
 * single row or column, it adds up all terms in one float32: with 10 000 terms it is off by 5e-5,
 * and the other by 4e-6. Otherwise it is the more accurate one, up to about ten thousand terms.
 */
function isExact(rows: number, terms: number, columns: number): boolean {
  return terms <= 256 || (rows > 1 && columns > 1 && terms <= 16_384);
}

/** A product of two matrices, which tfjs passes as a batch of one. */
const batchMatMul: KernelImprovement = (previous) => (call) => {
  // Outside of a recording, the additional reshaping costs more than is gained.
  if (!isRecording()) return previous(call);
  const { a, b } = call.inputs as { a: tf.TensorInfo; b: tf.TensorInfo };
  const isMatrix = ({ dtype, shape }: tf.TensorInfo) =>
    dtype === "float32" &&
    (shape.length === 2 || (shape.length === 3 && shape[0] === 1));
  if (!isMatrix(a) || !isMatrix(b) || a.shape.length !== b.shape.length) {
    return previous(call);
  }
  const { transposeA, transposeB } = call.attrs;
  const [terms, rows] = sidesOf(a, transposeA);
  const [columns, further] = sidesOf(b, transposeB);
  if (terms !== further || !isExact(rows, terms, columns)) {
    return previous(call);
  }
  const attributes = [
    float,
    attribute("transpose_a", Boolean(transposeA)),
    attribute("transpose_b", Boolean(transposeB)),
  ];
  if (a.shape.length === 2) return execute("MatMul", attributes, [a, b]);
  const factors = [a, b].map((tensor) =>
    reshape(tensor, tensor.shape.slice(1)),
  );
  const product = execute("MatMul", attributes, factors);
  const result = reshape(product, [1, ...product.shape]);
  tf.dispose([...factors, product]);
  return result;
};

/** Width and height of a matrix, transposed or not. */
function sidesOf(
  { shape }: tf.TensorInfo,
  isTransposed: unknown,
): [width: number, height: number] {
  const [height, width] = shape.slice(-2) as [number, number];
  return isTransposed ? [height, width] : [width, height];
}

/**
 * Whether the last addition by tfjs-node's backend was that of a bias while a gradient was
 * computed. Resets the answer, which applies to one addition only.
 */
export function wasBiasAdded(): boolean {
  const answer = runtime.addedBias;
  runtime.addedBias = false;
  return answer;
}

const add: KernelImprovement = (previous) => (call) => {
  const { a, b } = call.inputs as { a: tf.TensorInfo; b: tf.TensorInfo };
  const addsBias = isBias(a, b);
  // tfjs queries this only if it keeps something for a gradient. An answer that is not queried must
  // not apply to a later addition.
  runtime.addedBias = addsBias && gradientDepth() > 0;
  return addsBias
    ? execute("BiasAdd", [float, channelsLast], [a, b])
    : previous(call);
};

/** In a recorded step, TensorFlow checks the range of the indices. */
const gatherV2: KernelImprovement = (previous) => (call) => {
  const { axis, batchDims } = call.attrs as { axis: number; batchDims: number };
  // tfjs does not allow axes that are counted from the last.
  if (!isRecording() || axis < 0) return previous(call);
  const { x, indices } = call.inputs as {
    x: tf.TensorInfo;
    indices: tf.TensorInfo;
  };
  return gather(x, indices, axis, batchDims);
};

/** Kernels by their tfjs names. */
export const kernelImprovements: Readonly<Record<string, KernelImprovement>> = {
  Add: add,
  BatchMatMul: batchMatMul,
  GatherV2: gatherV2,
};

function reshape(tensor: tf.TensorInfo, shape: readonly number[]): tf.Tensor {
  const target = tf.tensor1d([...shape], "int32");
  const result = execute(
    "Reshape",
    [float, typeAttribute("Tshape", "int32")],
    [tensor, target],
  );
  target.dispose();
  return result;
}
