/**
 * The names Keras gives layers.
 *
 * tfjs numbers the layers of a whole process and joins two spellings of their type (`conv2d_Conv2D7`). Keras's names
 * are what lessons and books print, so summaries show those; a name the user chose stays.
 */
import type { tf } from "../engine/tensorflow";
import { nameInKeras } from "../keras/registered-class";

type Layer = tf.layers.Layer;

/**
 * The names of layers as Keras would give them, in order: `conv2d`, `conv2d_1`, `dense`.
 *
 * Counted within these layers only, as in a Python session in which one model was made. The layers of a model that is
 * itself a layer were made before it, and are counted first.
 */
export function kerasLayerNames(layers: readonly Layer[]): string[] {
  return nameLayers(layers, new Map());
}

function nameLayers(
  layers: readonly Layer[],
  used: Map<string, number>,
): string[] {
  return layers.map((layer) => {
    nameLayers((layer as Partial<tf.LayersModel>).layers ?? [], used);
    if (!isAutomaticName(layer.name, layer.getClassName())) return layer.name;
    const name = toSnakeCase(kerasType(layer));
    const before = used.get(name) ?? 0;
    used.set(name, before + 1);
    return before === 0 ? name : `${name}_${before}`;
  });
}

/**
 * The class of a layer in Keras's words: tfjs calls a functional model `Model`, Keras `Functional`; layers of `keras` have a class of their
 * own, such as `KerasConv2D`.
 */
export function kerasType(layer: Layer): string {
  const type = nameInKeras(layer.getClassName());
  return type === "Model" ? "Functional" : type;
}

/**
 * A class name in Keras's snake case: `MaxPooling2D` becomes `max_pooling2d`, `ReLU` becomes `re_lu`.
 *
 * Source: `to_snake_case` of Keras 3, whose two steps this follows.
 */
export function toSnakeCase(className: string): string {
  return className
    .replace(/\W+/g, "")
    .replace(/(.)([A-Z][a-z]+)/g, "$1_$2")
    .replace(/([a-z])([A-Z])/g, "$1_$2")
    .toLowerCase();
}

/** Tells the names tfjs makes from those a user chose: a prefix, the type as it is written, a number. */
function isAutomaticName(name: string, type: string): boolean {
  const escaped = type.replace(/\W/g, "\\$&");
  // Models and input layers are named by another rule than the other layers: `sequential_3`, `input7`.
  return (
    new RegExp(`^\\w+_${escaped}\\d+$`).test(name) ||
    (type === "InputLayer" && /^input\d+$/.test(name)) ||
    (type === "Sequential" && /^sequential_\d+$/.test(name)) ||
    (type === "Model" && /^model\d+$/.test(name))
  );
}
