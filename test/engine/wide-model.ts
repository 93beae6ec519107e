/**
 * A model for the tests of memory, and where they can run.
 */
import { readFileSync } from "node:fs";
import { tf } from "../../src/engine/tensorflow";

let models = 0;

/**
 * A dense layer with so many units on each of 1000 numbers, and a second one that sums them. The
 * weights are small; the output of the first has 4000 · units bytes for each sample.
 */
export function wideModel(units: number): {
  model: tf.Sequential;
  wide: string;
} {
  models += 1;
  const wide = `wide${models}`;
  const zeros = { useBias: false, kernelInitializer: "zeros" } as const;
  const model = tf.sequential({
    layers: [
      tf.layers.reshape({ targetShape: [1000, 1], inputShape: [1000] }),
      tf.layers.dense({ name: wide, units, ...zeros }),
      tf.layers.dense({ units: 1, ...zeros }),
      tf.layers.flatten(),
    ],
  });
  model.compile({ optimizer: "sgd", loss: "meanSquaredError" });
  return { model, wide };
}

/**
 * Why a machine may promise memory that it does not have, in which case a test of terabytes would
 * use all of it; false if it does not.
 */
export function whyUnlimited(): string | false {
  if (process.platform !== "linux") {
    return "needs Linux, which refuses memory that it does not have";
  }
  const policy = readFileSync("/proc/sys/vm/overcommit_memory", "utf8").trim();
  return policy === "1" && "needs a system with vm.overcommit_memory 0 or 2";
}
