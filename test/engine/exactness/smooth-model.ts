/**
 * The calibration room: a model of the course with its kinks taken out.
 */
import { lessonModel } from "../../../bench/training/build";
import { tf } from "../../../src/engine/tensorflow";
import type { Trial, TrialLayerRow } from "./model-trial";

/** The row of a model, with tanh where it has ReLU and mean pooling where it has max pooling; penalties are left out. */
export function smoothRow(name: string): Trial["row"] {
  const row = lessonModel(name);
  const layers = row.layers.flatMap((layer): TrialLayerRow[] => {
    switch (layer.kind) {
      case "relu":
        return [{ kind: "tanh" }];
      case "maxPooling":
        return [{ ...layer, kind: "averagePooling" }];
      case "convolution": {
        const { kind, filters, kernelSize, padding, activation } = layer;
        const convolution = { kind, filters, kernelSize, padding };
        return activation ? [convolution, { kind: "tanh" }] : [convolution];
      }
      case "dense": {
        const { kind, units, activation } = layer;
        if (activation === "relu") return [{ kind, units }, { kind: "tanh" }];
        return [{ kind, units, ...(activation ? { activation } : {}) }];
      }
      default:
        return [layer];
    }
  });
  return { ...row, layers };
}

/** Builds the model of such a row, not compiled. */
export function buildSmoothModel(row: Trial["row"]): tf.Sequential {
  const layers = row.layers.map((layer, index) => {
    const input = index === 0 ? { inputShape: [...row.inputShape] } : {};
    switch (layer.kind) {
      case "convolution":
        return tf.layers.conv2d({ ...input, ...layer });
      case "dense":
        return tf.layers.dense({ ...input, ...layer });
      case "tanh":
        return tf.layers.activation({ activation: "tanh" });
      case "averagePooling":
        return tf.layers.averagePooling2d({ poolSize: layer.poolSize });
      case "batchNormalization":
        return tf.layers.batchNormalization();
      case "flatten":
        return tf.layers.flatten({ ...input });
      default:
        throw new Error(
          `Expected a layer without kinks and chance, received ${layer.kind}`,
        );
    }
  });
  return tf.sequential({ layers });
}
