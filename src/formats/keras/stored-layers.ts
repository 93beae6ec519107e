/**
 * The places of a model's weights in a Keras file.
 *
 * A place does not have a layer's name, but its class and a number: `layers/conv2d_1/vars/0` is the
 * first array of the second convolution.
 *
 * Source: Keras 3, `saving/saving_lib.py`, `_save_state` and `_save_container_state`.
 */
import type { tf } from "../../engine/tensorflow";
import { storedName } from "./layer-kinds";
import { innerCells, innerLayers, isModel, storedLayersOf } from "./layer-tree";

type Layer = tf.layers.Layer;

/** A layer with weights of its own, or without. */
export interface StoredLayer {
  /** The group of its arrays, such as `layers/conv2d_1/vars`. */
  readonly group: string;
  readonly name: string;
  /** Its weights in the order of the file, without those of layers within it. */
  readonly variables: readonly tf.LayerVariable[];
}

/** Returns a model, its layers and the layers within them in Keras's order, each once. */
export function storedLayers(model: tf.LayersModel): StoredLayer[] {
  const found: StoredLayer[] = [];
  visit(model, "", new Set(), found);
  return found;
}

function visit(
  layer: Layer,
  path: string,
  visited: Set<Layer>,
  found: StoredLayer[],
): void {
  if (visited.has(layer)) return;
  visited.add(layer);
  const inner = isModel(layer)
    ? numbered(storedLayersOf(layer), joined(path, "layers"))
    : [
        ...innerLayers(layer).map(
          ([name, each]) => [joined(path, name), each] as const,
        ),
        ...numbered(innerCells(layer), joined(path, "cells")),
      ];
  found.push({
    group: joined(path, "vars"),
    name: layer.name,
    variables: inner.length === 0 ? layer.weights : [],
  });
  for (const [place, each] of inner) visit(each, place, visited, found);
}

/** Gives layers the names of their classes, and a number if there are several of a class. */
function numbered(
  layers: readonly Layer[],
  path: string,
): (readonly [path: string, layer: Layer])[] {
  const used = new Map<string, number>();
  return layers.map((layer) => {
    const name = storedName(layer);
    const before = used.get(name) ?? 0;
    used.set(name, before + 1);
    const place = before === 0 ? name : `${name}_${before}`;
    return [joined(path, place), layer];
  });
}

function joined(path: string, name: string): string {
  return path === "" ? name : `${path}/${name}`;
}

/**
 * Returns the weights that are trained, in the order in which Keras's optimizers keep their state.
 */
export function trainedVariables(model: tf.LayersModel): tf.LayerVariable[] {
  const trained = new Set<unknown>(model.trainableWeights);
  return storedLayers(model).flatMap(({ variables }) =>
    variables.filter((variable) => trained.has(variable)),
  );
}
