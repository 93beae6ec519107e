/**
 * Dense layers and their gradients.
 */
import { behind } from "./behind";
import { NotNative, type Lowering } from "./lowering";
import type { Location } from "./location";
import { attributeOf, sizeOf, type StepNode, type Value } from "./values";

/** Weights from which on a dense layer is done for the whole batch, divided by weights; and the samples up to which. */
const manyWeights = 32_768;
const mostSamplesAtOnce = 512;

/** The last two sides of a matrix; those before must be 1. */
function matrixOf({ shape }: Value): [rows: number, columns: number] {
  const [rows = 1, columns = 1] = shape.slice(-2);
  if (sizeOf(shape) !== rows * columns) {
    throw new NotNative("a product of several matrices");
  }
  return [rows, columns];
}

/** A product of matrices: a dense layer, one of its gradients, or sums over samples. */
export function lowerProduct(lowering: Lowering, node: StepNode): void {
  const [a, b] = node.inputs as [Value, Value];
  const [output] = node.outputs as [Value];
  const flag = (one: string, other: string) =>
    attributeOf<boolean | undefined>(node, one) ??
    attributeOf<boolean>(node, other);
  const turnsA = flag("transpose_a", "adj_x");
  const turnsB = flag("transpose_b", "adj_y");
  if (a.data.kind === "uniform" && !turnsA && !turnsB && lowering.isRows(b)) {
    lowering.put(output, columnSums(lowering, a.data.value, b));
  } else if (lowering.isRows(a) && turnsA && !turnsB && lowering.isRows(b)) {
    lowering.put(output, lowerDenseGradient(lowering, a, b));
  } else if (lowering.isRows(a) && !turnsA && !lowering.isRows(b)) {
    lowerDense(lowering, a, b, turnsB, output);
  } else {
    throw new NotNative("a product of matrices of an unusual kind");
  }
}

/** A row of equal numbers times the rows of the samples. */
function columnSums(lowering: Lowering, factor: number, b: Value): Location {
  const [rows, columns] = matrixOf(b);
  const perSample = rows / lowering.samples;
  if (!Number.isInteger(perSample)) {
    throw new NotNative("sums of something else than samples");
  }
  const sums = lowering.writer.sums("columnSums", columns, [lowering.rows(b)], {
    integers: [perSample, columns],
  });
  return { ...sums, factor };
}

/** Rows that a matrix has for each sample. */
function rowsOfSample({ samples }: Lowering, value: Value): number {
  const rows = matrixOf(value)[0] / samples;
  if (Number.isInteger(rows) && rows > 0) return rows;
  throw new NotNative("a dense layer on something else than samples");
}

/** Weights as the product wants them: rows a multiple of the widest vector apart, turned if asked for. */
function weightsFor(
  lowering: Lowering,
  weights: Value,
  turned: boolean,
): { readonly location: Location; readonly width: number } {
  const [rows, columns] = matrixOf(weights);
  const { writer } = lowering;
  const width = Math.ceil((turned ? rows : columns) / 16) * 16;
  if (!turned && width === columns) {
    return { location: lowering.shared(weights), width };
  }
  const location = lowering.derived(
    weights,
    turned ? "transposed" : "widened",
    () =>
      writer.shared(
        turned ? "transpose" : "widen",
        (turned ? columns : rows) * width,
        [lowering.shared(weights)],
        { integers: [rows, columns, width] },
      ),
  );
  return { location, width };
}

/** Whether a layer of so many weights is done for the whole batch. */
function isWhole({ samples }: Lowering, weights: number): boolean {
  return weights >= manyWeights && samples <= mostSamplesAtOnce;
}

function lowerDense(
  lowering: Lowering,
  a: Value,
  b: Value,
  turned: boolean,
  output: Value,
): void {
  const { writer } = lowering;
  const rowsEach = rowsOfSample(lowering, a);
  const [, depth] = matrixOf(a);
  const [, units] = matrixOf(output);
  if (turned && rowsEach === 1 && isWhole(lowering, sizeOf(b.shape))) {
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
  const { bias, relu, last } = behind(lowering, output);
  const { location, width } = weightsFor(lowering, b, turned);
  const weights = sizeOf(b.shape);
  const isLarge =
    rowsEach === 1 && weights >= 8 * manyWeights && isWhole(lowering, weights);
  const inputs = [
    isLarge || rowsEach > 1 ? lowering.rows(a) : lowering.raw(a),
    location,
    bias ? lowering.shared(bias) : location,
  ];
  const integers = [
    depth,
    units,
    width,
    Number(bias !== undefined),
    Number(relu),
    rowsEach,
  ];
  const result = isLarge
    ? writer.whole("denseWhole", [{ domain: "rows", size: units }], inputs, {
        integers,
      })[0]!
    : writer.rows("dense", rowsEach * units, inputs, { integers });
  lowering.put(last, result);
}

/** The gradients of a layer's input and weights, for the whole batch. */
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
    [writer.threadBuffer(units * 64)],
  );
}

/** The gradient of weights. */
function lowerDenseGradient(
  lowering: Lowering,
  x: Value,
  gradient: Value,
): Location {
  const { writer } = lowering;
  const rowsEach = rowsOfSample(lowering, x);
  if (rowsOfSample(lowering, gradient) !== rowsEach) {
    throw new NotNative("a product of matrices of an unusual kind");
  }
  const [, depth] = matrixOf(x);
  const [, units] = matrixOf(gradient);
  if (rowsEach === 1 && isWhole(lowering, depth * units)) {
    return wholeGradient(lowering, x, gradient, undefined)[1]!;
  }
  const integers = [depth, units, rowsEach];
  const inputs = [
    rowsEach > 1 ? lowering.rows(x) : lowering.raw(x),
    lowering.rows(gradient),
  ];
  return writer.sums("denseBackWeights", depth * units, inputs, { integers });
}
