/**
 * A convolutional LSTM layer that can be dilated and trained.
 */
import { tf } from "../../engine/tensorflow";
import { registeredClass, registerPart } from "../registered-class";
import { assertChannelsLast } from "./convolution";
import { recurrentDefaults } from "./defaults";
import { dilatedKernel, isDilated } from "./dilated-kernel";
import { kerasOptions } from "./options";

type Options = Parameters<typeof tf.layers.convLstm2d>[0];

interface Cell extends tf.layers.Layer {
  readonly dilationRate: readonly number[];
  readonly strides: [number, number];
  inputConv(
    x: tf.Tensor4D,
    weights: tf.Tensor4D,
    bias: tf.Tensor1D | undefined,
    padding: "same" | "valid",
  ): tf.Tensor4D;
}

class KerasConvLSTM2DCell extends registeredClass<
  new (options: Options) => Cell
>("ConvLSTM2DCell") {
  static readonly className = "KerasConvLSTM2DCell";

  override inputConv(
    ...[x, weights, bias, padding]: Parameters<Cell["inputConv"]>
  ): tf.Tensor4D {
    const kernel = dilatedKernel(weights, this.dilationRate);
    const output = tf.conv2d(x, kernel, this.strides, padding);
    return bias ? tf.add(output, bias) : output;
  }
}

class KerasConvLSTM2D extends registeredClass<
  new (options: Options) => tf.layers.Layer & { cell: Cell }
>("ConvLSTM2D") {
  static readonly className = "KerasConvLSTM2D";

  constructor(options: Options) {
    super(options);
    this.cell = new KerasConvLSTM2DCell(options);
  }
}

registerPart(KerasConvLSTM2DCell);
registerPart(KerasConvLSTM2D);

/**
 * Creates a convolutional LSTM layer with Keras's defaults. tfjs's layer cannot be trained if it is
 * dilated.
 *
 * Takes the options of `tf.layers.convLstm2d`; the defaults are those of `keras.lstm`. Input (n,
 * steps, height, width, in), output (n, height', width', filters) or, with `returnSequences`, (n,
 * steps, height', width', filters). Throws an Error (`ERR_UNSUPPORTED`) for channels first if it is
 * dilated, otherwise what tfjs throws. Source: Keras 3, `ConvLSTM2D`.
 */
export function convLstm2d(options: Options): tf.layers.Layer {
  const all = kerasOptions(options, recurrentDefaults);
  if (!isDilated(all.dilationRate)) return tf.layers.convLstm2d(all);
  assertChannelsLast("convLstm2d", all.dataFormat);
  return new KerasConvLSTM2D(all);
}
