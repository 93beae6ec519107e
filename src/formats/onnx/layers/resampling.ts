/**
 * Layers that resize images: `UpSampling2D`, `Resizing`, `CenterCrop`.
 */
import { int, string } from "../graph";
import {
  type LayerCall,
  type LayerWriter,
  unsupported,
  writer,
} from "../layer-writer";
import { type Shape, Value } from "../value";
import { sliced } from "./arrangement";
import { type DataFormat, imagesOf, imagesValue, lengthsOf } from "./images";

type Interpolation = "bilinear" | "nearest";

/** Which position of an image belongs to a pixel of the resized one. */
type Coordinates = "asymmetric" | "half_pixel";

/** `UpSampling2D`, with the coordinates for bilinear interpolation. */
function upSampling(coordinates: Coordinates): LayerWriter {
  return writer<{
    readonly size: readonly number[];
    readonly interpolation: Interpolation;
    readonly dataFormat: DataFormat;
  }>(({ graph, layer, inputs: [input], shapes }) => {
    const scales = Float32Array.from([1, 1, ...layer.size]);
    const isNearest = layer.interpolation === "nearest";
    const name = graph.add(
      "Resize",
      [
        imagesOf(input.asFloat, layer.dataFormat),
        "",
        graph.array("scales", scales, [4]),
      ],
      {
        mode: string(isNearest ? "nearest" : "linear"),
        coordinate_transformation_mode: string(
          isNearest ? "asymmetric" : coordinates,
        ),
        nearest_mode: string("floor"),
      },
    );
    return imagesValue(graph, name, shapes[0], layer.dataFormat);
  });
}

export const tfjsUpSampling = upSampling("asymmetric");
export const kerasUpSampling = upSampling("half_pixel");

interface Sized {
  readonly height: number;
  readonly width: number;
}

interface Resizing extends Sized {
  readonly interpolation: Interpolation;
  readonly cropToAspectRatio: boolean;
}

/** `Resizing` of Keras. */
export const kerasResizing = writer<Resizing>((call) => {
  const { layer, inputs } = call;
  const input = inputs[0].asFloat;
  const part = layer.cropToAspectRatio ? proportional(call, input) : input;
  return resized(call, part, layer.interpolation);
});

/** `CenterCrop` of Keras, which resizes images that are too small. */
export const centerCrop = writer<Sized>((call) => {
  const { layer, inputs } = call;
  const input = inputs[0].asFloat;
  const [height, width] = knownSize(call, input.shape);
  return height < layer.height || width < layer.width
    ? resized(call, proportional(call, input), "bilinear")
    : centered(call, input, layer.height, layer.width);
});

/** Cuts out the centered part of a size. */
function centered(
  call: LayerCall<Sized>,
  input: Value,
  height: number,
  width: number,
): Value {
  const [batch, ...lengths] = input.shape as [number | null, ...number[]];
  const sides = [height, width].map((length, axis) => {
    const rest = lengths[axis]! - length;
    return [Math.floor(rest / 2), Math.ceil(rest / 2)] as const;
  });
  const all = [[0, 0], ...sides, [0, 0]] as const;
  const shape = [batch, height, width, lengths[2]!];
  return sliced(call.graph, input, all, shape);
}

/** Cuts out the largest centered part with the proportions of the size. */
function proportional(call: LayerCall<Sized>, input: Value): Value {
  const [height, width] = knownSize(call, input.shape);
  const { layer } = call;
  const within = (length: number, most: number) =>
    Math.max(Math.min(most, Math.trunc(length)), 1);
  return centered(
    call,
    input,
    within((width * layer.height) / layer.width, height),
    within((height * layer.width) / layer.height, width),
  );
}

function knownSize(
  { layer }: LayerCall,
  shape: Shape,
): [height: number, width: number] {
  const lengths = lengthsOf(shape, "channelsLast");
  if (shape.length !== 4 || lengths.includes(null)) {
    throw unsupported(
      layer,
      "images (n, height, width, channels) of a known size",
      `shape ${JSON.stringify(shape)}`,
    );
  }
  return lengths as [number, number];
}

/** Resizes images (n, height, width, channels); pixel i is centered at i + 1 / 2. */
function resized(
  call: LayerCall<Sized>,
  input: Value,
  interpolation: Interpolation,
): Value {
  const { graph, layer } = call;
  const { height, width } = layer;
  const lengths = knownSize(call, input.shape);
  const shape = [input.shape[0]!, height, width, input.shape[3]!];
  if (interpolation === "nearest") {
    // By indices: on ties, rounding in the operator may differ from TensorFlow's.
    const given = [height, width].reduce((name, to, axis) => {
      const indices = nearest(lengths[axis]!, to);
      const pixels = graph.array("pixels", indices, [to]);
      return graph.add("Gather", [name, pixels], { axis: int(axis + 1) });
    }, input.name);
    return new Value(graph, shape, { given });
  }
  // By sizes, since a factor may be rounded to one that is too small by a pixel.
  const kept = graph.add("Shape", [input.channelsFirst], { end: int(2) });
  const sizes = graph.add("Concat", [kept, graph.integers([height, width])], {
    axis: int(0),
  });
  const channelsFirst = graph.add(
    "Resize",
    [input.channelsFirst, "", "", sizes],
    {
      mode: string("linear"),
      coordinate_transformation_mode: string("half_pixel"),
    },
  );
  return new Value(graph, shape, { channelsFirst });
}

/** Returns the index of the nearest pixel for each new pixel, computed in float32 as in Keras. */
function nearest(from: number, to: number): Int32Array {
  const scale = Math.fround(from / to);
  return Int32Array.from({ length: to }, (_, index) => {
    const position = Math.fround(Math.fround(index + 0.5) * scale);
    return Math.min(Math.floor(position), from - 1);
  });
}
