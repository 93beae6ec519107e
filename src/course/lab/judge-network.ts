/**
 * Judges a model whose layers a text names, by its outputs: the model and the layers of the text
 * get the same weights and the same images.
 */
import { tf } from "../../engine/tensorflow";
import { variablesOf } from "../../training/weights";
import { right, wrong, type Finding } from "./finding";
import { fixedImages, inputShape } from "./fixed-images";
import { shapeText } from "./judge-model";

/** Largest difference between outputs, as a share of the largest output. */
const tolerance = 1e-4;

/**
 * Judges whether a model computes what these layers compute when it predicts. A model that is
 * written differently, with activations as layers or in parts, is right as well.
 *
 * @param layers The layers of the text, in order, without an input shape.
 * @param advice What to compare with the text.
 */
export function judgeNetwork(
  model: tf.LayersModel,
  layers: readonly tf.layers.Layer[],
  advice: string,
): Finding {
  const input = tf.layers.inputLayer({ inputShape: inputShape(model) });
  const reference = tf.sequential({ layers: [input, ...layers] });
  try {
    const found = variablesOf(model);
    const expected = variablesOf(reference);
    const shapes = listed(found);
    if (shapes !== listed(expected)) {
      return wrong(`The weights have the shapes ${shapes}.`, advice);
    }
    tf.tidy(() => {
      for (const [index, variable] of expected.entries()) {
        variable.write(found[index]!.read().clone());
      }
    });
    return judgeOutputs(model, reference, advice);
  } finally {
    reference.dispose();
  }
}

function listed(variables: readonly tf.LayerVariable[]): string {
  return variables.map(({ shape }) => shapeText(shape)).join(", ");
}

function judgeOutputs(
  model: tf.LayersModel,
  reference: tf.LayersModel,
  advice: string,
): Finding {
  const { difference, largest, smallest, least } = tf.tidy(() => {
    const images = fixedImages(model, 8);
    const found = model.predict(images) as tf.Tensor;
    const expected = reference.predict(images) as tf.Tensor;
    const number = (value: tf.Tensor) => value.dataSync()[0]!;
    return {
      difference: number(found.sub(expected).abs().max()),
      largest: number(expected.abs().max()),
      smallest: number(found.min()),
      least: number(expected.min()),
    };
  });
  if (difference <= tolerance * Math.max(1e-3, largest)) {
    return right(
      "On fixed images the outputs are those of the layers in the text.",
    );
  }
  const seen =
    smallest < 0 && least >= 0
      ? `On fixed images an output is ${smallest.toFixed(3)}; the layers of the text give none below 0.`
      : "On fixed images the outputs are not those of the layers in the text.";
  return wrong(seen, advice);
}
