/**
 * Encoding of class indices as vectors, compatible with Keras.
 */
import { tf } from "../../engine/tensorflow";
import { checkCount, checkOneOf } from "../../check";
import { coded } from "../../notebook/coded-error";
import { registeredClass, registerPart } from "../registered-class";
import { onlyShape, onlyTensor } from "./options";

type TfjsOptions = Parameters<typeof tf.layers.categoryEncoding>[0];

/** Options of {@link categoryEncoding}, in addition to those of every layer. */
export type CategoryEncodingOptions = Omit<
  Parameters<typeof tf.layers.categoryEncoding>[0],
  "outputMode"
> & {
  /** How a sample is encoded; "multiHot" by default. */
  readonly outputMode?: "oneHot" | "multiHot" | "count";
};

interface TfjsCategoryEncoding extends tf.layers.Layer {
  readonly numTokens: number;
  readonly outputMode: string;
}

class KerasCategoryEncoding extends registeredClass<
  new (options: TfjsOptions) => TfjsCategoryEncoding
>("CategoryEncoding") {
  static readonly className = "KerasCategoryEncoding";

  override computeOutputShape(inputShape: tf.Shape | tf.Shape[]): tf.Shape {
    const shape = onlyShape(inputShape);
    const keepsLastAxis =
      this.outputMode === "oneHot" && (shape.length < 2 || shape.at(-1) !== 1);
    return [...(keepsLastAxis ? shape : shape.slice(0, -1)), this.numTokens];
  }

  override call(
    inputs: tf.Tensor | tf.Tensor[],
    kwargs: { countWeights?: tf.Tensor } = {},
  ): tf.Tensor {
    return tf.tidy(() => {
      const { numTokens, outputMode } = this;
      const { countWeights } = kwargs;
      const indices = tf.cast(onlyTensor(inputs), "int32");
      const encoded = tf.oneHot(indices, numTokens, 1, 0, "float32");
      if (countWeights !== undefined && outputMode !== "count") {
        throw coded(
          "ERR_INVALID_VALUE",
          new Error(
            `Expected \`countWeights\` only with \`outputMode\` count, received it with ${outputMode}`,
          ),
        );
      }
      switch (outputMode) {
        case "oneHot":
          return indices.rank > 1 && indices.shape.at(-1) === 1
            ? tf.squeeze(encoded, [-2 + encoded.rank])
            : encoded;
        case "multiHot":
          return tf.max(encoded, -2);
        default:
          return tf.sum(
            countWeights === undefined
              ? encoded
              : tf.mul(encoded, tf.expandDims(countWeights, -1)),
            -2,
          );
      }
    });
  }
}

registerPart(KerasCategoryEncoding);

/**
 * Creates a layer that encodes class indices as vectors.
 *
 * `options` {@link CategoryEncodingOptions}: `numTokens`, the number of classes, and `outputMode`:
 *
 * - "oneHot": a vector for each index.
 * - "multiHot" (default): 1 for each class among a sample's indices.
 * - "count": how often each class occurs in a sample, weighted by a tensor `countWeights` of the
 *   input's shape if `apply` receives one.
 *
 * Input (n, indices), integers from 0 to `numTokens` − 1; others are ignored. Output (n,
 * numTokens), or (n, indices, numTokens) with "oneHot" and several indices, float32. Throws a
 * RangeError if `numTokens` is not a positive integer or `outputMode` is unknown, and an Error if
 * `countWeights` is used with another mode, all with the code `ERR_INVALID_VALUE`. tfjs's layer
 * needs an operation that tfjs-node lacks.
 *
 * Source: Keras 3, `CategoryEncoding`.
 */
export function categoryEncoding(
  options: CategoryEncodingOptions,
): tf.layers.Layer {
  const { numTokens, outputMode = "multiHot" } = options;
  checkCount("numTokens", numTokens);
  checkOneOf("outputMode", outputMode, ["oneHot", "multiHot", "count"]);
  return new KerasCategoryEncoding({ ...options, outputMode });
}
