/**
 * Layer names in Keras's style.
 *
 * tfjs numbers layers across the whole process and joins two spellings of their type
 * (`conv2d_Conv2D7`). Lessons and books print Keras's names, so summaries show those. Names set by
 * the user are kept.
 */
import { tf } from "../engine/tensorflow";
import { nameInKeras } from "../keras/registered-class";

type Layer = tf.layers.Layer;

/**
 * Returns the names that Keras would give the layers, in order: `conv2d`, `conv2d_1`, `dense`.
 *
 * Only these layers are counted, as in a Python session with a single model. The layers of a nested
 * model were created before it, so they are counted first.
 */
export function kerasLayerNames(layers: readonly Layer[]): string[] {
  return nameLayers(layers, new Map());
}

function nameLayers(
  layers: readonly Layer[],
  used: Map<string, number>,
): string[] {
  return layers.map((layer) => {
    if (layer instanceof tf.LayersModel) nameLayers(layer.layers, used);
    if (!isAutomaticName(layer.name, layer.getClassName())) return layer.name;
    const name = toSnakeCase(kerasType(layer));
    const before = used.get(name) ?? 0;
    used.set(name, before + 1);
    return before === 0 ? name : `${name}_${before}`;
  });
}

/**
 * Returns Keras's class name of a layer. A functional model is `Model` in tfjs and `Functional` in
 * Keras; the layers of `keras` have prefixed names, such as `KerasConv2D`.
 */
export function kerasType(layer: Layer): string {
  const type = nameInKeras(layer.getClassName());
  return type === "Model" ? "Functional" : type;
}

/**
 * Converts a class name to Keras's snake case: `MaxPooling2D` becomes `max_pooling2d`, `ReLU`
 * becomes `re_lu`.
 *
 * Source: `to_snake_case` of Keras 3; same two steps.
 */
export function toSnakeCase(className: string): string {
  return className
    .replace(/\W+/g, "")
    .replace(/(.)([A-Z][a-z]+)/g, "$1_$2")
    .replace(/([a-z])([A-Z])/g, "$1_$2")
    .toLowerCase();
}

/** Whether tfjs generated a name: a prefix, the class name and a number. */
function isAutomaticName(name: string, type: string): boolean {
  const escaped = type.replace(/\W/g, "\\$&");
  // Names of models and input layers follow other rules: `sequential_3`, `input7`.
  return (
    new RegExp(`^\\w+_${escaped}\\d+$`).test(name) ||
    (type === "InputLayer" && /^input\d+$/.test(name)) ||
    (type === "Sequential" && /^sequential_\d+$/.test(name)) ||
    (type === "Model" && /^model\d+$/.test(name))
  );
}
