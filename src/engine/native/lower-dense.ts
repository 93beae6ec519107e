/**
 * Lowers dense layers and their gradients.
 */
import { fuseBiasAndRelu } from "./bias-and-relu";
import { NotNative, type Lowering } from "./lowering";
import type { Location } from "./location";
import { attributeOf, sizeOf, type StepNode, type Value } from "./values";

/**
 * From this number of weights on, a dense layer is computed for the whole batch, and threads divide
 * the weights.
 */
const wholeBatchWeights = 32_768;
/** Rows of the weights that their gradient takes at once: `ROWS` in cpp/dense.cc. */
const rowsTogether = 64;
/** Maximum samples for which a dense layer is computed for the whole batch. */
const maxWholeBatch = 512;

/** Returns the last two dimensions of a matrix. All others must be 1. */
function matrixOf({ shape }: Value): [rows: number, columns: number] {
  const [rows = 1, columns = 1] = shape.slice(-2);
  if (sizeOf(shape) !== rows * columns) {
    throw new NotNative("a batched matrix product");
  }
  return [rows, columns];
}

/** Lowers a matrix product: a dense layer, one of its gradients, or sums over samples. */
export function lowerProduct(lowering: Lowering, node: StepNode): void {
  const [a, b] = node.inputs as [Value, Value];
  const [output] = node.outputs as [Value];
  const flag = (one: string, other: string) =>
    attributeOf<boolean | undefined>(node, one) ??
    attributeOf<boolean>(node, other);
  const transposesA = flag("transpose_a", "adj_x");
  const transposesB = flag("transpose_b", "adj_y");
  if (
    a.data.kind === "uniform" &&
    !transposesA &&
    !transposesB &&
    lowering.isRows(b)
  ) {
    lowering.put(output, columnSums(lowering, a.data.value, b));
  } else if (
    lowering.isRows(a) &&
    transposesA &&
    !transposesB &&
    lowering.isRows(b)
  ) {
    lowering.put(output, lowerDenseGradient(lowering, a, b));
  } else if (lowering.isRows(a) && !transposesA && !lowering.isRows(b)) {
    lowerDense(lowering, a, b, transposesB, output);
  } else {
    throw new NotNative("an unsupported form of matrix product");
  }
}

/**
 * Lowers the product of a constant row, all of whose values are `factor`, and the samples' rows.
 */
function columnSums(lowering: Lowering, factor: number, b: Value): Location {
  const [rows, columns] = matrixOf(b);
  const perSample = rows / lowering.samples;
  if (!Number.isInteger(perSample)) {
    throw new NotNative("a matrix product sums over axes other than the batch");
  }
  const sums = lowering.writer.sums("columnSums", columns, [lowering.rows(b)], {
    integers: [perSample, columns],
  });
  return { ...sums, factor };
}

/** Returns how many rows a matrix has for each sample. */
function rowsPerSampleOf({ samples }: Lowering, value: Value): number {
  const rows = matrixOf(value)[0] / samples;
  if (Number.isInteger(rows) && rows > 0) return rows;
  throw new NotNative("the rows of a dense layer are not samples");
}

/**
 * Returns the weights in the layout of the kernel, transposed if requested. Their row stride
 * `width` is a multiple of the widest vector.
 */
function weightsFor(
  lowering: Lowering,
  weights: Value,
  transposed: boolean,
): { readonly location: Location; readonly width: number } {
  const [rows, columns] = matrixOf(weights);
  const { writer } = lowering;
  const width = Math.ceil((transposed ? rows : columns) / 16) * 16;
  if (!transposed && width === columns) {
    return { location: lowering.shared(weights), width };
  }
  const location = lowering.derived(
    weights,
    transposed ? "transposed" : "widened",
    () =>
      writer.shared(
        transposed ? "transpose" : "widen",
        (transposed ? columns : rows) * width,
        [lowering.shared(weights)],
        { integers: [rows, columns, width] },
      ),
  );
  return { location, width };
}

/** Returns whether a layer with this many weights is computed for the whole batch. */
function isWhole({ samples }: Lowering, weights: number): boolean {
  return weights >= wholeBatchWeights && samples <= maxWholeBatch;
}

function lowerDense(
  lowering: Lowering,
  a: Value,
  b: Value,
  transposed: boolean,
  output: Value,
): void {
  const { writer } = lowering;
  const rowsPerSample = rowsPerSampleOf(lowering, a);
  const [, depth] = matrixOf(a);
  const [, units] = matrixOf(output);
  if (transposed && rowsPerSample === 1 && isWhole(lowering, sizeOf(b.shape))) {
    const partner = lowering
      .usersOf(a)
      .find(
        (each) =>
          each.name === "MatMul" &&
          attributeOf<boolean>(each, "transpose_a") &&
          each.inputs[1]!.data === a.data &&
          String(each.outputs[0]!.shape) === String(b.shape),
      );
    if (partner) {
      const x = partner.inputs[0]!;
      const [dx, dw] = wholeGradient(lowering, x, a, b);
      lowering.put(output, dx!);
      lowering.put(partner.outputs[0]!, dw!);
      return;
    }
  }
  const { bias, relu, last } = fuseBiasAndRelu(lowering, output);
  const { location, width } = weightsFor(lowering, b, transposed);
  const weights = sizeOf(b.shape);
  const isLarge =
    rowsPerSample === 1 &&
    weights >= 8 * wholeBatchWeights &&
    isWhole(lowering, weights);
  const inputs = [
    isLarge || rowsPerSample > 1 ? lowering.rows(a) : lowering.raw(a),
    location,
    bias ? lowering.shared(bias) : location,
  ];
  const integers = [
    depth,
    units,
    width,
    Number(bias !== undefined),
    Number(relu),
    rowsPerSample,
  ];
  const result = isLarge
    ? writer.whole("denseWhole", [{ domain: "rows", size: units }], inputs, {
        integers,
      })[0]!
    : writer.rows("dense", rowsPerSample * units, inputs, { integers });
  lowering.put(last, result);
}

/**
 * Lowers the gradients of a layer's input and weights, computed for the whole batch. Without
 * `weights`, only that of the weights is computed.
 */
function wholeGradient(
  lowering: Lowering,
  x: Value,
  gradient: Value,
  weights: Value | undefined,
): Location[] {
  const { writer } = lowering;
  const [, depth] = matrixOf(x);
  const [, units] = matrixOf(gradient);
  const rows = [lowering.rows(x), lowering.rows(gradient)];
  return writer.whole(
    "denseWholeBack",
    [
      { domain: "rows", size: weights ? depth : 1 },
      { domain: "shared", size: depth * units },
    ],
    [...rows, weights ? lowering.shared(weights) : rows[1]!],
    { integers: [depth, units, Number(weights !== undefined)] },
    [units, lowering.samples].map((size) =>
      writer.threadBuffer(size * rowsTogether),
    ),
  );
}

/** Lowers the gradient of a layer's weights. */
function lowerDenseGradient(
  lowering: Lowering,
  x: Value,
  gradient: Value,
): Location {
  const { writer } = lowering;
  const rowsPerSample = rowsPerSampleOf(lowering, x);
  if (rowsPerSampleOf(lowering, gradient) !== rowsPerSample) {
    throw new NotNative("an unsupported form of matrix product");
  }
  const [, depth] = matrixOf(x);
  const [, units] = matrixOf(gradient);
  if (rowsPerSample === 1 && isWhole(lowering, depth * units)) {
    return wholeGradient(lowering, x, gradient, undefined)[1]!;
  }
  const integers = [depth, units, rowsPerSample];
  const inputs = [
    rowsPerSample > 1 ? lowering.rows(x) : lowering.raw(x),
    lowering.rows(gradient),
  ];
  return writer.sums("denseBackWeights", depth * units, inputs, { integers });
}
