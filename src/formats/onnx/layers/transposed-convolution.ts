/**
 * Transposed convolutions.
 */
import { ints, type Weight } from "../graph";
import { writer } from "../layer-writer";
import { activate } from "./activations";
import { biasOf, type Convolution } from "./convolution";
import { imagesOf, imagesValue } from "./images";

/**
 * `Conv2DTranspose` and `Conv3DTranspose`. TensorFlow.js ignores their dilation rate.
 *
 * "same" gives length · stride values: the full length is cut by kernel − stride values, the
 * smaller half at the beginning. Where the stride is above the kernel size, zeros follow instead,
 * also with "valid".
 */
export const transposedConvolution = writer<
  Convolution & { readonly kernel: Weight }
>((call) => {
  const { graph, layer, inputs, shapes } = call;
  const { dataFormat, kernelSize, padding, strides } = layer;
  const rank = kernelSize.length;
  const axes = kernelSize.map((_, axis) => axis);
  const kernel = graph.weight("kernel", layer.kernel, {
    order: [rank + 1, rank, ...axes],
  });
  const excess = kernelSize.map((size, axis) => size - strides[axis]!);
  const cut = excess.map((each) =>
    padding === "same" ? Math.max(each, 0) : 0,
  );
  const before = cut.map((each) => Math.floor(each / 2));
  const output = graph.add(
    "ConvTranspose",
    [imagesOf(inputs[0].asFloat, dataFormat), kernel, ...biasOf(call)],
    {
      kernel_shape: ints(kernelSize),
      strides: ints(strides),
      pads: ints([...before, ...cut.map((each, axis) => each - before[axis]!)]),
      output_padding: ints(excess.map((each) => Math.max(-each, 0))),
    },
  );
  const value = imagesValue(graph, output, shapes[0], dataFormat);
  return activate(layer, layer.activation, value);
});
