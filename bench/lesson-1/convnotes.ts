/**
 * The measuring room: lesson 1's model trained by convnotes, one line of JSON at the end.
 *
 * Run by `bench/run.mjs`, which starts each competitor in a process of its own.
 */
import { parseArgs } from "node:util";
import { compileOnLogits, loadCifar10, scale, setSeed, tf } from "convnotes";

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      samples: { type: "string" },
      epochs: { type: "string" },
      "batch-size": { type: "string" },
    },
  });
  const samples = Number(values.samples);
  const epochs = Number(values.epochs);
  const batchSize = Number(values["batch-size"]);
  setSeed(1);
  const { train, provenance } = await loadCifar10({
    trainSamples: samples,
    testSamples: 1,
  });
  const { layers } = tf;
  const model = tf.sequential({
    layers: [
      layers.conv2d({
        filters: 32,
        kernelSize: 3,
        activation: "relu",
        inputShape: [32, 32, 3],
      }),
      layers.maxPooling2d({ poolSize: 2 }),
      layers.conv2d({ filters: 64, kernelSize: 3, activation: "relu" }),
      layers.maxPooling2d({ poolSize: 2 }),
      layers.conv2d({ filters: 64, kernelSize: 3, activation: "relu" }),
      layers.flatten(),
      layers.dense({ units: 64, activation: "relu" }),
      layers.dense({ units: 10, activation: "softmax" }),
    ],
  });
  compileOnLogits(model, { optimizer: "adam" });
  const secondsPerEpoch: number[] = [];
  let began = 0;
  await model.fit(scale(train.images), train.labels.tensor(), {
    epochs,
    batchSize,
    verbose: 0,
    callbacks: {
      onEpochBegin: async () => {
        began = performance.now();
      },
      onEpochEnd: async () => {
        secondsPerEpoch.push((performance.now() - began) / 1000);
      },
    },
  });
  const peakMegabytes = process.resourceUsage().maxRSS / 1024;
  console.log(JSON.stringify({ secondsPerEpoch, peakMegabytes, provenance }));
}

void main();
