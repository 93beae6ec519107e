/**
 * Names of a model's weights as paths, such as `conv2d/kernel`.
 *
 * They do not depend on how many layers the program created before, unlike the names in
 * TensorFlow.js (`conv2d_Conv2D7/kernel`), so a model that is built again has the same.
 */
import type { tf } from "../../engine/tensorflow";
import {
  kerasLayerNames,
  kerasType,
  toSnakeCase,
} from "../../models/layer-names";
import { layersOf, type Wrapper } from "../sublayers";

type Layer = tf.layers.Layer;

/** The cells of recurrent layers and of stacks, which the types of tfjs do not declare. */
interface Inner extends Wrapper {
  readonly cell?: Layer;
  readonly cells?: readonly Layer[];
}

/**
 * Returns the weights of a model or layer by their paths, in the order of the layers.
 *
 * A path has the names of the layer in Keras, of nested models before it, of a recurrent layer's
 * cell after it, and of the weight. A weight that several layers share has the path of the first.
 */
export function weightPaths(layer: Layer): Map<string, tf.LayerVariable> {
  const paths = new Map<string, tf.LayerVariable>();
  const known = new Set<tf.LayerVariable>();
  const visit = (each: Layer, path: string): void => {
    const parts = partsOf(each);
    for (const [name, part] of parts) visit(part, `${path}${name}/`);
    if (parts.length > 0) return;
    for (const variable of each.weights) {
      if (known.has(variable)) continue;
      known.add(variable);
      paths.set(free(paths, path + weightName(each, variable)), variable);
    }
  };
  visit(layer, "");
  return paths;
}

/** Returns the layers of which a layer consists, with their names. */
function partsOf(layer: Layer): (readonly [name: string, layer: Layer])[] {
  const inner = layer as Layer & Inner;
  const parts = layersOf(layer) ?? inner.cells;
  if (parts !== undefined) {
    const names = kerasLayerNames(parts);
    return parts.map((part, index) => [names[index]!, part]);
  }
  const only = inner.layer ?? inner.cell;
  if (only === undefined) return [];
  // tfjs gives the cells of its own layers the name of the layer, if that has one.
  const name =
    inner.cell === undefined || layer.getClassName() === "RNN"
      ? kerasLayerNames([only])[0]!
      : toSnakeCase(kerasType(only));
  return inner.forwardLayer === undefined
    ? [[name, only]]
    : [
        [`forward_${name}`, inner.forwardLayer],
        [`backward_${name}`, inner.backwardLayer!],
      ];
}

/** Returns the last part of a variable's name, as Keras calls it. */
function weightName(layer: Layer, { originalName }: tf.LayerVariable): string {
  const name = originalName.split("/").at(-1)!;
  return kerasType(layer) === "DepthwiseConv2D" && name === "depthwise_kernel"
    ? "kernel"
    : name;
}

/** Numbers a name that is taken, as Keras numbers layers. */
function free(taken: ReadonlyMap<string, unknown>, name: string): string {
  let count = 0;
  let numbered = name;
  while (taken.has(numbered)) {
    count += 1;
    numbered = `${name}_${count}`;
  }
  return numbered;
}
