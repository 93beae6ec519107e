/**
 * Dense layers and embeddings.
 */
import { int, type Weight } from "../graph";
import { unsupported, writer } from "../layer-writer";
import { Value } from "../value";
import { activate, type Activation } from "./activations";
import { biasOf } from "./convolution";

interface Dense {
  readonly kernel: Weight;
  readonly bias: Weight | null;
  readonly activation: Activation | null;
}

/** `Dense`: on vectors one operator, on more axes a product of matrices and a sum. */
export const dense = writer<Dense>((call) => {
  const { graph, layer, inputs, shapes } = call;
  const input = inputs[0].asFloat;
  const kernel = graph.weight("kernel", layer.kernel);
  const bias = biasOf(call);
  const given =
    input.rank === 2
      ? graph.add("Gemm", [input.name, kernel, ...bias])
      : bias.reduce(
          (product, each) => graph.add("Add", [product, each]),
          graph.add("MatMul", [input.name, kernel]),
        );
  const value = new Value(graph, shapes[0], { given });
  return activate(layer, layer.activation, value);
});

/** `Embedding`, without a mask. */
export const embedding = writer<{
  readonly embeddings: Weight;
  readonly maskZero: boolean;
}>(({ graph, layer, inputs: [input], shapes }) => {
  if (layer.maskZero) {
    throw unsupported(layer, "no mask", "`maskZero` true");
  }
  const table = graph.weight("embeddings", layer.embeddings);
  const indices = input.cast("int32").name;
  const given = graph.add("Gather", [table, indices], { axis: int(0) });
  return new Value(graph, shapes[0], { given });
});
