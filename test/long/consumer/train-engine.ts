/**
 * A program of a user who has installed the engine: trains a small network and prints how its steps
 * ran, as JSON.
 */
import { compilation, tf } from "@convnotes/engine";

async function main(): Promise<void> {
  const model = tf.sequential();
  model.add(
    tf.layers.conv2d({ filters: 4, kernelSize: 3, inputShape: [8, 8, 1] }),
  );
  model.add(tf.layers.flatten());
  model.add(tf.layers.dense({ units: 1 }));
  model.compile({ optimizer: "adam", loss: "meanSquaredError" });
  const options = { epochs: 2, verbose: 0 } as const;
  await model.fit(tf.ones([64, 8, 8, 1]), tf.ones([64, 1]), options);
  const {
    native,
    notNative,
  }: { native: number; notNative: readonly string[] } =
    compilation(model).training;
  console.log(JSON.stringify({ native, notNative }));
}

void main();
