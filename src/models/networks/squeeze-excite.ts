/**
 * The squeeze-and-excitation block: it multiplies each map by a number that depends on all maps.
 */
import { tf } from "../../engine/tensorflow";
import type { CheckedOptions } from "./network-options";
import { through, type Values } from "./through";

/**
 * Applies a squeeze-and-excitation block (J. Hu, L. Shen and G. Sun, *Squeeze-and-excitation
 * networks*, 2017). The shape stays the same.
 *
 * @param options `ratio` is the number of maps per unit of the bottleneck, 16 in the paper; the
 *   bottleneck has at least one unit. `name` is the prefix of the layers' names.
 */
export function squeezeExcite(
  values: Values,
  options: Pick<CheckedOptions, "kernelInitializer"> & {
    readonly name: string;
    readonly ratio?: number;
  },
): Values {
  const { kernelInitializer, name, ratio = 16 } = options;
  const maps = values.shape.at(-1)!;
  const gates = through(
    values,
    tf.layers.globalAveragePooling2d({ name: `${name}_squeeze` }),
    tf.layers.dense({
      name: `${name}_reduce`,
      units: Math.max(1, Math.round(maps / ratio)),
      activation: "relu",
      kernelInitializer,
    }),
    tf.layers.dense({
      name: `${name}_excite`,
      units: maps,
      activation: "sigmoid",
      kernelInitializer,
    }),
    tf.layers.reshape({
      name: `${name}_gates`,
      targetShape: [1, 1, maps],
    }),
  );
  return tf.layers
    .multiply({ name: `${name}_scale` })
    .apply([values, gates]) as Values;
}
