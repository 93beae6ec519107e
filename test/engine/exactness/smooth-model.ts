/**
 * Removes the kinks from a model of the course.
 */
import { lessonModel } from "../../../bench/training/build";
import type { TrialLayerRow, TrialRow } from "./trial-model";

const tanh = { kind: "activation", activation: "tanh" } as const;

/**
 * Returns the row of a model, with tanh instead of ReLU, mean pooling instead of max pooling, and
 * no penalties.
 */
export function smoothRow(name: string): TrialRow {
  const row = lessonModel(name);
  const layers = row.layers.flatMap((layer): TrialLayerRow[] => {
    switch (layer.kind) {
      case "relu":
        return [tanh];
      case "maxPooling":
        return [{ ...layer, kind: "averagePooling" }];
      case "convolution": {
        const { kind, filters, kernelSize, padding, activation } = layer;
        const convolution = { kind, filters, kernelSize, padding };
        return activation ? [convolution, tanh] : [convolution];
      }
      case "dense": {
        const { kind, units, activation } = layer;
        if (activation === "relu") return [{ kind, units }, tanh];
        return [{ kind, units, ...(activation ? { activation } : {}) }];
      }
      default:
        return [layer];
    }
  });
  return { ...row, layers };
}
