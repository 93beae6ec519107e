/**
 * Layers that prepare inputs: `Rescaling`, `CategoryEncoding`.
 */
import { int, ints } from "../graph";
import { elementTypes } from "../messages";
import { writer } from "../layer-writer";
import { Value } from "../value";

export const rescaling = writer<{
  readonly scale: number;
  readonly offset: number;
}>(({ graph, layer, inputs: [input] }) =>
  input.asFloat.map((x) => {
    const scaled = graph.add("Mul", [x, graph.number(layer.scale)]);
    return layer.offset === 0
      ? scaled
      : graph.add("Add", [scaled, graph.number(layer.offset)]);
  }),
);

/**
 * `CategoryEncoding` of Keras. Compares with all classes: ONNX's `OneHot` counts negative indices
 * from the end, while TensorFlow ignores them.
 */
export const categoryEncoding = writer<{
  readonly numTokens: number;
  readonly outputMode: string;
}>(({ graph, layer, inputs: [input], shapes }) => {
  const { numTokens, outputMode } = layer;
  const classes = Int32Array.from({ length: numTokens }, (_, index) => index);
  const columns = graph.add("Unsqueeze", [
    input.cast("int32").name,
    graph.integers([-1]),
  ]);
  const isClass = graph.add("Equal", [
    columns,
    graph.array("classes", classes, [numTokens]),
  ]);
  const encoded = graph.add("Cast", [isClass], {
    to: int(elementTypes.float32),
  });
  const squeezes = input.rank > 1 && input.shape.at(-1) === 1;
  const given =
    outputMode === "oneHot"
      ? squeezes
        ? graph.add("Squeeze", [encoded, graph.integers([-2])])
        : encoded
      : outputMode === "multiHot"
        ? graph.add("ReduceMax", [encoded], {
            axes: ints([-2]),
            keepdims: int(0),
          })
        : graph.add("ReduceSum", [encoded, graph.integers([-2])], {
            keepdims: int(0),
          });
  return new Value(graph, shapes[0], { given });
});
