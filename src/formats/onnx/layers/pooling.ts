/**
 * Poolings over windows and over whole images.
 */
import { type Attributes, int, ints } from "../graph";
import { type LayerWriter, writer } from "../layer-writer";
import { Value } from "../value";
import { type DataFormat, imagesOf, imagesValue, lengthsOf } from "./images";
import { paddingOf, type Window } from "./padding";

interface Pooling {
  readonly poolSize: number | readonly number[];
  readonly strides: number | readonly number[];
  readonly padding: Window["padding"];
  readonly dataFormat?: DataFormat;
}

/** Poolings over windows of one to three axes. */
function pooling(operator: string, attributes: Attributes = {}): LayerWriter {
  return writer<Pooling>(({ graph, layer, inputs: [input], shapes }) => {
    const { dataFormat, padding } = layer;
    const lengths = lengthsOf(input.shape, dataFormat);
    const [size, strides] = [layer.poolSize, layer.strides].map((each) =>
      typeof each === "number" ? lengths.map(() => each) : each,
    ) as [number[], number[]];
    const output = graph.add(operator, [imagesOf(input.asFloat, dataFormat)], {
      kernel_shape: ints(size),
      strides: ints(strides),
      ...attributes,
      ...paddingOf(layer, { padding, size, strides }, lengths),
    });
    return imagesValue(graph, output, shapes[0], dataFormat);
  });
}

export const maxPooling = pooling("MaxPool");
/** TensorFlow divides by the number of pixels in the image, not of those in the window. */
export const averagePooling = pooling("AveragePool", {
  count_include_pad: int(0),
});

/** Poolings over all axes but batch and channels. */
function globalPooling(operator: string): LayerWriter {
  return writer<{ readonly dataFormat?: DataFormat }>(
    ({ graph, layer, inputs: [input] }) => {
      const { dataFormat } = layer;
      const images = imagesOf(input.asFloat, dataFormat);
      const pooled = graph.add(operator, [images]);
      const given = graph.add("Flatten", [pooled], { axis: int(1) });
      const channels =
        dataFormat === "channelsFirst" ? input.shape[1]! : input.shape.at(-1)!;
      return new Value(graph, [input.shape[0]!, channels], { given });
    },
  );
}

export const globalMaxPooling = globalPooling("GlobalMaxPool");
export const globalAveragePooling = globalPooling("GlobalAveragePool");
