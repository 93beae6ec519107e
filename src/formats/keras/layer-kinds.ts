/**
 * The classes of layers that both Keras and TensorFlow.js have, by name.
 */
import type { tf } from "../../engine/tensorflow";
import { nameInKeras } from "../../keras/registered-class";
import { toSnakeCase } from "../../models/layer-names";
import { refusal } from "./keras-object";
import { basicKinds } from "./kinds/basic";
import { recurrentKinds } from "./kinds/recurrent";
import { windowKinds } from "./kinds/windows";
import type { LayerKind } from "./layer-kind";

/** All classes of layers. */
export const layerKinds: readonly LayerKind[] = [
  ...basicKinds,
  ...windowKinds,
  ...recurrentKinds,
];

const byKerasName = new Map(layerKinds.map((each) => [each.keras, each]));
const byTfjsName = new Map(
  layerKinds.flatMap((each) => each.tfjs.map((name) => [name, each])),
);

/**
 * Returns the class of a layer of Keras. `owner` names the layer in errors. Throws an Error
 * (`ERR_UNSUPPORTED`) if TensorFlow.js does not have it.
 */
export function kindInKeras(name: string, owner: string): LayerKind {
  const found = byKerasName.get(name);
  if (found !== undefined) return found;
  throw refusal(
    `a class of layers that TensorFlow.js has for ${owner}`,
    name === "Lambda"
      ? "Lambda, which is Python code: replace it with other layers in Python, and save again"
      : name,
  );
}

/**
 * Returns the class of a layer of TensorFlow.js. Throws an Error (`ERR_UNSUPPORTED`) if Keras does
 * not have it.
 */
export function kindInTfjs(layer: tf.layers.Layer, owner: string): LayerKind {
  const found = byTfjsName.get(layer.getClassName());
  if (found !== undefined) return found;
  throw refusal(
    `a class of layers that Keras has for ${owner}`,
    layer.getClassName(),
  );
}

/**
 * Returns the name under which Keras stores the weights of the first layer of a class, such as
 * `conv2d`.
 */
export function storedName(layer: tf.layers.Layer): string {
  const className = layer.getClassName();
  const kerasName =
    className === "Model"
      ? "Functional"
      : (byTfjsName.get(className)?.keras ?? nameInKeras(className));
  return toSnakeCase(kerasName);
}
