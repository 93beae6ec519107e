/**
 * Convolutions, pooling, dense layers and batch normalization, forward and backward.
 */
import { NotNative, type Lowering } from "./lowering";
import { attributeOf, sizeOf, type StepNode, type Value } from "./values";
import type { Location } from "./program-writer";

type Lower = (lowering: Lowering, node: StepNode) => void;

const families: Readonly<Record<string, Lower>> = {
  Conv2D: lowerConvolution,
  Conv2DBackpropInput: lowerConvolutionBackData,
  Conv2DBackpropFilter: lowerConvolutionBackWeights,
  MaxPool: lowerPool,
  MaxPoolGrad: lowerPoolBack,
  AvgPool: lowerMeanPool,
  AvgPoolGrad: lowerMeanPoolBack,
  MatMul: lowerProduct,
  BatchMatMulV2: lowerProduct,
  FusedBatchNormV3: lowerNormalization,
  FusedBatchNormGradV3: lowerNormalizationBack,
};

/** Lowers a node of this family; false for one of another. */
export function lowerLayers(lowering: Lowering, node: StepNode): boolean {
  const lower = families[node.name];
  lower?.(lowering, node);
  return lower !== undefined;
}

/** Weights from which on a dense layer is done for the whole batch, divided by weights; and the samples up to which. */
const manyWeights = 32_768;
const mostSamplesAtOnce = 512;

type Sides = [n: number, height: number, width: number, channels: number];

/** Integers of a window that goes over an image. */
interface Window {
  readonly strides: readonly [number, number];
  /** Above and to the left. */
  readonly padding: readonly [number, number];
}

function windowOf(
  node: StepNode,
  input: Sides,
  output: Sides,
  size: readonly [number, number],
): Window {
  const strides = attributeOf<number[]>(node, "strides");
  const format = attributeOf<string>(node, "data_format");
  const dilations = attributeOf<number[] | undefined>(node, "dilations");
  const padding = attributeOf<string>(node, "padding");
  if (format !== "NHWC" || (dilations ?? []).some((each) => each !== 1)) {
    throw new NotNative("a window is dilated, or channels come first");
  }
  const before = (axis: 1 | 2) => {
    if (padding === "VALID") return 0;
    if (padding !== "SAME") throw new NotNative(`padding is ${padding}`);
    const needed =
      (output[axis] - 1) * strides[axis]! + size[axis - 1]! - input[axis];
    return Math.max(0, needed) >> 1;
  };
  return {
    strides: [strides[1]!, strides[2]!],
    padding: [before(1), before(2)],
  };
}

/** The integers of a convolution that every one of its instructions has. */
function convolutionIntegers(
  node: StepNode,
  image: readonly number[],
  kernel: readonly number[],
  result: readonly number[],
  hasBackData: boolean,
): number[] {
  const [input, output] = [image as Sides, result as Sides];
  const size = [kernel[0]!, kernel[1]!] as const;
  const { strides, padding } = windowOf(node, input, output, size);
  return [
    ...kernel,
    ...strides,
    ...padding,
    ...[input[1], input[2], output[1], output[2]],
    Number(hasBackData),
  ];
}

/** The bias and the ReLU behind a product, which are done with it. */
function behind(
  lowering: Lowering,
  value: Value,
): { readonly bias?: Value; readonly relu: boolean; readonly last: Value } {
  let last = value;
  let bias: Value | undefined;
  const added = lowering.onlyUser(last, "BiasAdd");
  if (added && !lowering.isRows(added.inputs[1]!)) {
    bias = added.inputs[1]!;
    last = added.outputs[0]!;
    lowering.finish(added);
  }
  const relu = bias && lowering.onlyUser(last, "Relu");
  if (relu) {
    last = relu.outputs[0]!;
    lowering.finish(relu);
  }
  return { ...(bias ? { bias } : {}), relu: relu !== undefined, last };
}

function lowerConvolution(lowering: Lowering, node: StepNode): void {
  const { writer } = lowering;
  const [image, kernel] = node.inputs as [Value, Value];
  const [result] = node.outputs as [Value];
  const { bias, relu, last } = behind(lowering, result);
  const hasBackData = lowering
    .usersOf(kernel)
    .some(({ name }) => name === "Conv2DBackpropInput");
  const shapes = [image.shape, kernel.shape, result.shape] as const;
  const integers = convolutionIntegers(node, ...shapes, hasBackData);
  const packed = lowering.derived(kernel, `packed ${String(integers)}`, () =>
    writer.shared("packConvolution", 1, [lowering.shared(kernel)], {
      integers,
    }),
  );
  const inputs = [
    lowering.raw(image),
    packed,
    bias ? lowering.shared(bias) : packed,
  ];
  if (inputs[0]!.domain !== "rows") {
    throw new NotNative("a convolution of something that samples share");
  }
  const size = lowering.rowSize(result);
  const location = writer.rows(
    "convolution",
    size,
    inputs,
    {
      integers: [...integers, Number(bias !== undefined), Number(relu)],
    },
    [writer.scratch],
  );
  lowering.put(last, location);
}

function lowerConvolutionBackData(lowering: Lowering, node: StepNode): void {
  const { writer } = lowering;
  const [, kernel, gradient] = node.inputs as [Value, Value, Value];
  const [result] = node.outputs as [Value];
  const shapes = [result.shape, kernel.shape, gradient.shape] as const;
  const integers = convolutionIntegers(node, ...shapes, true);
  const packed = lowering.derived(kernel, `turned ${String(integers)}`, () =>
    writer.shared("packConvolutionBack", 1, [lowering.shared(kernel)], {
      integers,
    }),
  );
  lowering.put(
    result,
    writer.rows(
      "convolutionBackData",
      lowering.rowSize(result),
      [lowering.rows(gradient), packed],
      { integers },
      [writer.scratch],
    ),
  );
}

function lowerConvolutionBackWeights(lowering: Lowering, node: StepNode): void {
  const { writer } = lowering;
  const [image, , gradient] = node.inputs as [Value, Value, Value];
  const [result] = node.outputs as [Value];
  const shapes = [image.shape, result.shape, gradient.shape] as const;
  const integers = convolutionIntegers(node, ...shapes, false);
  const size = sizeOf(result.shape);
  const sums = writer.sums(
    "convolutionBackWeights",
    size,
    [lowering.raw(image), lowering.rows(gradient)],
    { integers },
    [writer.scratch],
  );
  // How large the sums are depends on how the convolution is computed.
  const added = writer.shared("addSlots", 1, [sums], {
    integers: [0],
    numbers: [1],
  });
  lowering.put(
    result,
    writer.shared("finishConvolution", size, [added], { integers }),
  );
}

function poolIntegers(
  node: StepNode,
  image: readonly number[],
  result: readonly number[],
): number[] {
  const [input, output] = [image as Sides, result as Sides];
  const sizes = attributeOf<number[]>(node, "ksize");
  const size = [sizes[1]!, sizes[2]!] as const;
  const { strides, padding } = windowOf(node, input, output, size);
  if (size[0] * size[1] > 256) throw new NotNative("a window of over 256");
  return [
    ...[input[1], input[2], output[1], output[2]],
    ...size,
    ...strides,
    ...padding,
    input[3],
  ];
}

function lowerPool(lowering: Lowering, node: StepNode): void {
  const [image] = node.inputs as [Value];
  const [result] = node.outputs as [Value];
  const size = lowering.rowSize(result);
  const integers = poolIntegers(node, image.shape, result.shape);
  const bytes = Math.ceil(size / 4);
  const [pooled, places] = lowering.writer.rowsOfTwo(
    "pool",
    [size, bytes],
    [lowering.rows(image)],
    { integers },
  );
  lowering.put(result, pooled);
  lowering.derived(result, "places", () => places);
}

function lowerPoolBack(lowering: Lowering, node: StepNode): void {
  const [image, result, gradient] = node.inputs as [Value, Value, Value];
  let [output] = node.outputs as [Value];
  const integers = poolIntegers(node, image.shape, result.shape);
  const relu = lowering.onlyUser(output, "ReluGrad");
  const isRelu =
    relu?.inputs[1]?.data === image.data &&
    image.data.kind === "output" &&
    image.data.node.name === "Relu";
  if (isRelu) {
    output = relu.outputs[0]!;
    lowering.finish(relu);
  }
  const places = lowering.derived(result, "places", () => {
    throw new NotNative("the gradient of a pooling that was not recorded");
  });
  const inputs = [lowering.rows(gradient), places, lowering.rows(result)];
  lowering.put(
    output,
    lowering.writer.rows("poolBack", lowering.rowSize(output), inputs, {
      integers: [...integers, Number(isRelu)],
    }),
  );
}

function lowerMeanPool(lowering: Lowering, node: StepNode): void {
  const [image] = node.inputs as [Value];
  const [result] = node.outputs as [Value];
  const integers = poolIntegers(node, image.shape, result.shape);
  const inputs = [lowering.rows(image)];
  lowering.put(
    result,
    lowering.writer.rows("poolMean", lowering.rowSize(result), inputs, {
      integers,
    }),
  );
}

function lowerMeanPoolBack(lowering: Lowering, node: StepNode): void {
  const [, gradient] = node.inputs as [Value, Value];
  const [result] = node.outputs as [Value];
  const integers = poolIntegers(node, result.shape, gradient.shape);
  const inputs = [lowering.rows(gradient)];
  lowering.put(
    result,
    lowering.writer.rows("poolMeanBack", lowering.rowSize(result), inputs, {
      integers,
    }),
  );
}

/** The last two sides of a matrix; those before must be 1. */
function matrixOf({ shape }: Value): [rows: number, columns: number] {
  const [rows = 1, columns = 1] = shape.slice(-2);
  if (sizeOf(shape) !== rows * columns) {
    throw new NotNative("a product of several matrices");
  }
  return [rows, columns];
}

function lowerProduct(lowering: Lowering, node: StepNode): void {
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

function isRowMatrix(lowering: Lowering, value: Value): boolean {
  return matrixOf(value)[0] === lowering.samples;
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

function isWhole(lowering: Lowering, weights: Value): boolean {
  return (
    sizeOf(weights.shape) >= manyWeights &&
    lowering.samples <= mostSamplesAtOnce
  );
}

function lowerDense(
  lowering: Lowering,
  a: Value,
  b: Value,
  turned: boolean,
  output: Value,
): void {
  const { writer } = lowering;
  if (!isRowMatrix(lowering, a)) {
    throw new NotNative("a dense layer on something else than samples");
  }
  const [, depth] = matrixOf(a);
  const [, units] = matrixOf(output);
  if (turned && isWhole(lowering, b)) {
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
  const inputs = [
    lowering.rows(a),
    location,
    bias ? lowering.shared(bias) : location,
  ];
  const integers = [
    depth,
    units,
    width,
    Number(bias !== undefined),
    Number(relu),
  ];
  const isLarge = sizeOf(b.shape) >= 8 * manyWeights && isWhole(lowering, b);
  const result = isLarge
    ? writer.whole("denseWhole", [{ domain: "rows", size: units }], inputs, {
        integers,
      })[0]!
    : writer.rows("dense", units, inputs, { integers });
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
  if (!isRowMatrix(lowering, x) || !isRowMatrix(lowering, gradient)) {
    throw new NotNative("a dense layer on something else than samples");
  }
  const [, depth] = matrixOf(x);
  const [, units] = matrixOf(gradient);
  if (depth * units >= manyWeights && lowering.samples <= mostSamplesAtOnce) {
    return wholeGradient(lowering, x, gradient, undefined)[1]!;
  }
  const integers = [depth, units];
  const inputs = [lowering.rows(x), lowering.rows(gradient)];
  return writer.sums("denseBackWeights", depth * units, inputs, { integers });
}

function lowerNormalization(lowering: Lowering, node: StepNode): void {
  const { writer, samples } = lowering;
  const [x, gamma, beta] = node.inputs as [Value, Value, Value];
  const [output, , , mean, variance] = node.outputs as Value[];
  if (!attributeOf<boolean>(node, "is_training")) {
    throw new NotNative("batch normalization outside of training");
  }
  const channels = sizeOf(gamma.shape);
  const rows = lowering.rowSize(x) / channels;
  const sums = writer.sums("moments", channels * 4, [lowering.rows(x)], {
    integers: [rows, channels],
  });
  const [center, spread] = writer.sharedOfTwo(
    "finishMoments",
    channels,
    [sums],
    {
      integers: [rows * samples, channels],
    },
  );
  lowering.put(mean!, center);
  lowering.put(variance!, spread);
  const relu = lowering.onlyUser(output!, "Relu");
  if (relu) lowering.finish(relu);
  const last = relu ? relu.outputs[0]! : output!;
  const inputs = [
    lowering.rows(x),
    center,
    spread,
    lowering.shared(gamma),
    lowering.shared(beta),
  ];
  lowering.put(
    last,
    writer.rows("normalize", rows * channels, inputs, {
      integers: [rows, channels, Number(relu !== undefined)],
      numbers: [attributeOf<number>(node, "epsilon")],
    }),
  );
}

function lowerNormalizationBack(lowering: Lowering, node: StepNode): void {
  const { writer, samples } = lowering;
  const [dy, x, gamma, mean, variance] = node.inputs as Value[];
  const [dx, dGamma, dBeta] = node.outputs as Value[];
  const channels = sizeOf(gamma!.shape);
  const rows = lowering.rowSize(x!) / channels;
  const numbers = [attributeOf<number>(node, "epsilon")];
  const of = [dy!, x!].map((each) => lowering.rows(each));
  const statistics = [mean!, variance!].map((each) => lowering.shared(each));
  const sums = writer.sumsOfTwo(
    "normalizeBackSums",
    channels,
    [...of, ...statistics],
    {
      integers: [rows, channels],
      numbers,
    },
  );
  const [forBeta, forGamma] = sums.map((each) => writer.added(each));
  lowering.put(dBeta!, forBeta!);
  lowering.put(dGamma!, forGamma!);
  const inputs = [
    ...of,
    ...statistics,
    lowering.shared(gamma!),
    forBeta!,
    forGamma!,
  ];
  lowering.put(
    dx!,
    writer.rows("normalizeBack", rows * channels, inputs, {
      integers: [rows, channels, rows * samples],
      numbers,
    }),
  );
}
