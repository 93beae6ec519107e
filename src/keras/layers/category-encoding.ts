/**
 * Class numbers as vectors, as Keras encodes them.
 */
import { tf } from "../../engine/tensorflow";
import { checkCount } from "../check";
import { registeredClass, registerPart } from "../registered-class";
import { onlyShape, onlyTensor } from "./options";

type TfjsOptions = Parameters<typeof tf.layers.categoryEncoding>[0];

/** Settings of {@link categoryEncoding}, beside those of every layer. */
export type CategoryEncodingOptions = Omit<TfjsOptions, "outputMode"> & {
  /** How a sample is written; "multiHot" by default. */
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
    const isKept =
      this.outputMode === "oneHot" && (shape.length < 2 || shape.at(-1) !== 1);
    return [...(isKept ? shape : shape.slice(0, -1)), this.numTokens];
  }

  override call(
    inputs: tf.Tensor | tf.Tensor[],
    kwargs: { countWeights?: tf.Tensor } = {},
  ): tf.Tensor {
    return tf.tidy(() => {
      const { numTokens, outputMode } = this;
      const { countWeights } = kwargs;
      const numbers = tf.cast(onlyTensor(inputs), "int32");
      const marks = tf.oneHot(numbers, numTokens, 1, 0, "float32");
      if (countWeights !== undefined && outputMode !== "count") {
        throw new Error(
          `Expected \`countWeights\` only with \`outputMode\` count, received it with ${outputMode}`,
        );
      }
      switch (outputMode) {
        case "oneHot":
          return numbers.rank > 1 && numbers.shape.at(-1) === 1
            ? tf.squeeze(marks, [-2 + marks.rank])
            : marks;
        case "multiHot":
          return tf.max(marks, -2);
        default:
          return tf.sum(
            countWeights === undefined
              ? marks
              : tf.mul(marks, tf.expandDims(countWeights, -1)),
            -2,
          );
      }
    });
  }
}

registerPart(KerasCategoryEncoding);

const modes = ["oneHot", "multiHot", "count"];

/**
 * A layer that writes class numbers as vectors.
 *
 * `options` {@link CategoryEncodingOptions}: `numTokens`, the number of classes, and `outputMode`: "oneHot", a vector for each number; "multiHot" by
 * default, 1 for each class among a sample's numbers; "count", how often each is among them, weighted by a tensor `countWeights` of the input's shape if
 * `apply` is given one. Input (n, numbers), whole numbers from 0 to `numTokens` − 1; a number outside counts for nothing. Output (n, numTokens), or with
 * "oneHot" and several numbers (n, numbers, numTokens), float32. Throws a RangeError if `numTokens` is not a whole number above 0 or `outputMode` is
 * unknown, and an Error if `countWeights` come with another mode. Source: Keras 3, `CategoryEncoding`. tfjs's layer needs an operation that tfjs-node
 * does not have.
 */
export function categoryEncoding(
  options: CategoryEncodingOptions,
): tf.layers.Layer {
  const { numTokens, outputMode = "multiHot" } = options;
  checkCount("numTokens", numTokens);
  if (!modes.includes(outputMode)) {
    throw new RangeError(
      `Expected \`outputMode\` to be one of ${modes.join(", ")}, received ${outputMode}`,
    );
  }
  return new KerasCategoryEncoding({ ...options, outputMode });
}
