/**
 * Trains a small network in this process, with or without checkpoints.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after } from "node:test";
import { tf } from "../../../src/engine/tensorflow";
import { fit, type FitOptions } from "../../../src/training/fit";
import { setSeed } from "../../../src/training/seed";
import { withHost } from "../../notebook/notebook-host";
import { bitsOf, digestOf, smallData } from "./small-run";

const root = mkdtempSync(join(tmpdir(), "convnotes-runs-"));
after(() => rmSync(root, { recursive: true, force: true }));

let folders = 0;
/** Returns the name of a folder that does not exist yet. */
export function newFolder(): string {
  folders += 1;
  return join(root, String(folders));
}

type Change = "none" | "units" | "loss" | "data" | "labels";

/** What differs from the usual run. */
export interface Trial {
  readonly optimizer?: () => tf.Optimizer;
  readonly change?: Change;
  /** Stops the run after this step of this epoch. */
  readonly stopAt?: readonly [epoch: number, step: number];
  readonly options?: Partial<FitOptions>;
}

/** Trains a network with dropout, and returns all that may depend on the run. */
export async function train({
  optimizer = () => tf.train.adam(0.01),
  change = "none",
  stopAt,
  options,
}: Trial) {
  setSeed(1);
  const model = tf.sequential({
    layers: [
      tf.layers.flatten({ inputShape: [8, 8, 1] }),
      tf.layers.dense({
        units: change === "units" ? 9 : 8,
        activation: "relu",
      }),
      tf.layers.dropout({ rate: 0.3 }),
      // A constraint must not be applied once more to the weights of a checkpoint.
      tf.layers.dense({
        units: 1,
        kernelConstraint: tf.constraints.maxNorm({ maxValue: 0.5 }),
      }),
    ],
  });
  const loss = change === "loss" ? "meanAbsoluteError" : "meanSquaredError";
  model.compile({ optimizer: optimizer(), loss });
  const [x] = smallData(change === "data" ? 71 : 70, 3);
  const y = tf.sum(x, [1, 2]).add(change === "labels" ? 1 : 0);
  let epoch = 0;
  const seen: string[] = [];
  const { result, shown } = await withHost(() =>
    fit(model, x, y, {
      epochs: 4,
      batchSize: 16,
      validationData: [x, y],
      seed: 5,
      progress: false,
      callbacks: {
        onEpochBegin: async (number) => {
          epoch = number;
        },
        onBatchEnd: async (batch) => {
          seen.push(`${epoch} ${batch}`);
          if (epoch === stopAt?.[0] && batch === stopAt[1]) {
            model.stopTraining = true;
          }
        },
      },
      ...options,
    }),
  );
  const iterations = (model.optimizer as unknown as { iterations: number })
    .iterations;
  return {
    end: {
      weights: digestOf(model),
      history: bitsOf(result.curves),
      iterations,
      next: Math.random(),
    },
    history: result,
    seen,
    text: shown.map(({ bundle }) => bundle["text/plain"]).join("\n"),
  };
}
