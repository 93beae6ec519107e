/**
 * Judges models by what they do: shapes, parameters, predictions.
 */
import { tf } from "../../engine/tensorflow";
import { predictedClasses } from "../../training/predicted-classes";
import { right, wrong, type Finding } from "./finding";
import { fixedImages, inputShape } from "./fixed-images";
import {
  keepingWeights,
  scaleLastKernel,
  setSmallWeights,
} from "./trial-weights";

/** A shape as Keras writes it: `None` for the number of images. */
export function shapeText(shape: readonly (number | null)[]): string {
  return `(${shape.map((size) => size ?? "None").join(", ")})`;
}

/** Judges whether a model has layers, and one input and one output. */
function judgeEnds(model: tf.LayersModel): Finding {
  if (model.layers.length === 0) {
    return wrong("The model has no layers.", "Which method adds a layer?");
  }
  const ends = [model.inputs.length, model.outputs.length];
  const seen = `The model has ${counted(ends[0]!, "input")} and ${counted(ends[1]!, "output")}.`;
  return ends.join() === "1,1"
    ? right(seen)
    : wrong(seen, "One of each is expected.");
}

function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}

/** Judges the shape of one input of a model, which may be any of `allowed`. */
export function judgeInputShape(
  model: tf.LayersModel,
  allowed: readonly tf.Shape[],
  advice: string,
): Finding {
  const ends = judgeEnds(model);
  if (!ends.isRight) return ends;
  const shape = shapeText(inputShape(model));
  const seen = `One input has the shape ${shape}.`;
  return allowed.some((each) => shapeText(each) === shape)
    ? right(seen)
    : wrong(seen, advice);
}

/** Judges the output shape of a model; `advice` says what to look at. */
export function judgeOutputShape(
  model: tf.LayersModel,
  expected: tf.Shape,
  advice: string,
): Finding {
  const ends = judgeEnds(model);
  if (!ends.isRight) return ends;
  const { shape } = model.outputs[0]!;
  const seen = `The output has the shape ${shapeText(shape)}.`;
  return shapeText(shape) === shapeText(expected)
    ? right(seen)
    : wrong(seen, advice);
}

/** Judges the number of parameters of a model; `advice` may depend on it. */
export function judgeParameters(
  model: tf.LayersModel,
  expected: number,
  advice: string | ((count: number) => string),
): Finding {
  const count = model.countParams();
  const seen = `The model has ${count.toLocaleString("en-US")} parameters.`;
  if (count === expected) return right(seen);
  return wrong(seen, typeof advice === "string" ? advice : advice(count));
}

/**
 * Judges whether outputs are probabilities: not negative, with the sum 1, also in training, and
 * made by one softmax.
 */
export function judgeProbabilities(model: tf.LayersModel): Finding {
  for (const training of [false, true]) {
    const { sums, smallest } = outputsOf(model, training);
    const wrongSum = sums.find((sum) => !(Math.abs(sum - 1) < 1e-3));
    if (wrongSum !== undefined || smallest < 0) {
      return wrong(
        `${training ? "In training, the" : "The"} outputs of an image add up to ${(wrongSum ?? sums[0]!).toFixed(2)}; the smallest is ${smallest.toFixed(2)}.`,
        training
          ? "Which layer changes the probabilities in training?"
          : "Which activation of the last layer turns ten numbers into ten probabilities?",
      );
    }
  }
  const softmaxes = layersOf(model).filter(isSoftmax).length;
  return softmaxes > 1
    ? wrong(
        `Softmax is applied ${softmaxes} times.`,
        "It belongs at the end, once. Which other layer applies it?",
      )
    : right("The outputs of each image are not negative and add up to 1.");
}

function isSoftmax(layer: tf.layers.Layer): boolean {
  return (
    layer.getClassName() === "Softmax" ||
    layer.getConfig()["activation"] === "softmax"
  );
}

/** Returns the layers of a model in order, with those of the models in it. */
export function layersOf(model: tf.LayersModel): tf.layers.Layer[] {
  return model.layers.flatMap((layer) =>
    "layers" in layer ? layersOf(layer as tf.LayersModel) : [layer],
  );
}

/** Judges whether outputs are logits: any numbers, on which no softmax has been taken. */
export function judgeLogits(model: tf.LayersModel): Finding {
  // The opposite weights give the opposite logits, so some of them are below 0.
  const [{ sums, smallest }, opposite] = keepingWeights(model, () => {
    setSmallWeights(model);
    const first = outputsOf(model, false);
    scaleLastKernel(model, -1);
    return [first, outputsOf(model, false)] as const;
  });
  if (sums.every((sum) => Math.abs(sum - 1) < 1e-3)) {
    return wrong(
      "The outputs of every image add up to 1, so a softmax has been taken already.",
      "The loss will take the softmax. What should the last layer do?",
    );
  }
  return smallest >= 0 && opposite.smallest >= 0
    ? wrong(
        `No output of these images is below 0; the smallest is ${smallest.toFixed(2)}.`,
        "A logit can be any number. What does the activation of the last layer do to negative ones?",
      )
    : right("The outputs are logits: they do not add up to 1.");
}

/** Judges the accuracy of a trained model on given images. */
export function judgeTrained(
  model: tf.LayersModel,
  images: tf.Tensor,
  labels: tf.Tensor,
  least: number,
): Finding {
  const truth = labels.dataSync();
  const found = predictedClasses(model, images);
  const correct = Array.from(found.data).filter(
    (predicted, index) => predicted === truth[index],
  ).length;
  const accuracy = correct / truth.length;
  const seen = `The accuracy on ${truth.length} images is ${accuracy.toFixed(3)}.`;
  return accuracy >= least
    ? right(seen)
    : wrong(
        seen,
        `At least ${least} is expected. Did the training loss fall? Were these images scaled like those of the training?`,
      );
}

/** Runs judgments in order, and returns the first that is wrong, or the last. */
export function inOrder(...judgments: readonly (() => Finding)[]): Finding {
  let finding: Finding = right("");
  for (const judge of judgments) {
    finding = judge();
    if (!finding.isRight) break;
  }
  return finding;
}

/** Returns the message of an error, in one line. */
export function messageOf(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return text.split("\n")[0]!;
}

function outputsOf(
  model: tf.LayersModel,
  training: boolean,
): { readonly sums: readonly number[]; readonly smallest: number } {
  // In training, batch normalization updates its means.
  const passed = () => {
    const images = fixedImages(model, 4);
    const outputs = model.apply(images, { training }) as tf.Tensor;
    return {
      sums: [...outputs.sum(-1).dataSync()],
      smallest: outputs.min().dataSync()[0]!,
    };
  };
  return keepingWeights(model, () => tf.tidy(passed));
}
