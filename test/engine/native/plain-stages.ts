/**
 * Reference implementation of convolutions, depthwise convolutions and their gradients: plain loops
 * in float64.
 */

/**
 * Calls `visit` for each product of a sample, with the indices of its two factors and of the sum to
 * which it is added.
 */
type Products = (
  visit: (input: number, weight: number, output: number) => void,
) => void;

/** A layer whose outputs are sums of products. */
export interface Stage {
  readonly kernel: readonly number[];
  readonly output: WindowShape["image"];
  readonly products: Products;
  readonly hasBias: boolean;
  readonly hasRelu: boolean;
}

/** The shape of a window that moves over an image of height × width × channels. */
export interface WindowShape {
  readonly image: readonly [height: number, width: number, channels: number];
  readonly size: readonly [height: number, width: number];
  readonly strides: readonly [down: number, across: number];
  readonly padding: "same" | "valid";
}

/** Returns the number of outputs along an axis, and of padding zeros before the first input. */
function axisOf(window: WindowShape, axis: 0 | 1): [number, number] {
  const { image, size, strides, padding } = window;
  const [side, taps, stride] = [image[axis], size[axis], strides[axis]];
  if (padding === "valid") return [Math.ceil((side - taps + 1) / stride), 0];
  const outputs = Math.ceil(side / stride);
  const missing = Math.max(0, (outputs - 1) * stride + taps - side);
  return [outputs, Math.floor(missing / 2)];
}

/**
 * Returns a convolution to `filters` channels, or a depthwise convolution to `filters` channels for
 * each input channel.
 */
export function stageOf(
  window: WindowShape,
  filters: number,
  form: "full" | "depthwise",
  then: { readonly hasBias: boolean; readonly hasRelu: boolean },
): Stage {
  const { image, size, strides } = window;
  const [height, width, channels] = image;
  const [rows, top] = axisOf(window, 0);
  const [columns, left] = axisOf(window, 1);
  const isFull = form === "full";
  const outputs = isFull ? filters : channels * filters;
  const products: Products = (visit) => {
    for (let y = 0; y < rows; y += 1)
      for (let x = 0; x < columns; x += 1)
        for (let ky = 0; ky < size[0]; ky += 1)
          for (let kx = 0; kx < size[1]; kx += 1) {
            const row = y * strides[0] - top + ky;
            const column = x * strides[1] - left + kx;
            if (row < 0 || row >= height) continue;
            if (column < 0 || column >= width) continue;
            for (let c = 0; c < channels; c += 1)
              for (let f = 0; f < filters; f += 1)
                visit(
                  (row * width + column) * channels + c,
                  ((ky * size[1] + kx) * channels + c) * filters + f,
                  (y * columns + x) * outputs + (isFull ? f : c * filters + f),
                );
          }
  };
  const kernel = [...size, channels, filters];
  return { kernel, output: [rows, columns, outputs], products, ...then };
}

/**
 * Returns the mean squared error and the gradients of all weights. The last stage has one output,
 * and `y` has one value per sample.
 */
export function lossAndGradients(
  stages: readonly Stage[],
  weights: readonly Float32Array[],
  x: Float32Array,
  y: Float32Array,
): Float64Array[] {
  const samples = y.length;
  const gradients = weights.map((each) => new Float64Array(each.length));
  const inputSize = x.length / samples;
  let loss = 0;
  for (let sample = 0; sample < samples; sample += 1) {
    const begin = Float64Array.from(
      x.subarray(sample * inputSize, (sample + 1) * inputSize),
    );
    const values: Float64Array[] = [begin];
    let place = 0;
    const places = stages.map((stage) => {
      const own = place;
      values.push(forward(stage, values.at(-1)!, weights, own));
      place += stage.hasBias ? 2 : 1;
      return own;
    });
    const error = values.at(-1)![0]! - y[sample]!;
    loss += error ** 2 / samples;
    let gradient: Float64Array = Float64Array.of((2 * error) / samples);
    for (let index = stages.length - 1; index >= 0; index -= 1) {
      const [input, output] = [values[index]!, values[index + 1]!];
      const stage = stages[index]!;
      if (stage.hasRelu) {
        gradient = gradient.map((each, k) => (output[k]! > 0 ? each : 0));
      }
      const own = places[index]!;
      gradient = backward(stage, input, gradient, weights, gradients, own);
    }
  }
  return [Float64Array.of(loss), ...gradients];
}

function forward(
  { products, output, hasBias, hasRelu }: Stage,
  input: Float64Array,
  weights: readonly Float32Array[],
  place: number,
): Float64Array {
  const sums = new Float64Array(output[0] * output[1] * output[2]);
  const kernel = weights[place]!;
  products((i, w, o) => {
    sums[o]! += input[i]! * kernel[w]!;
  });
  const bias = hasBias ? weights[place + 1]! : [0];
  return sums.map((sum, o) => {
    const value = sum + bias[o % bias.length]!;
    return hasRelu ? Math.max(0, value) : value;
  });
}

/** Adds to the gradients of a stage's weights. Returns the gradient of its input. */
function backward(
  { products, hasBias }: Stage,
  input: Float64Array,
  gradient: Float64Array,
  weights: readonly Float32Array[],
  gradients: readonly Float64Array[],
  place: number,
): Float64Array {
  const result = new Float64Array(input.length);
  const [kernel, sums] = [weights[place]!, gradients[place]!];
  products((i, w, o) => {
    result[i]! += gradient[o]! * kernel[w]!;
    sums[w]! += gradient[o]! * input[i]!;
  });
  const bias = hasBias ? gradients[place + 1]! : new Float64Array(1);
  for (const [o, each] of gradient.entries()) bias[o % bias.length]! += each;
  return result;
}
