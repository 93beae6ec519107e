/**
 * A program of a user who has installed the library: trains on synthetic images, saves a figure,
 * and prints as JSON what a test checks.
 */
import {
  type Figure,
  fit,
  historyPlot,
  keras,
  load,
  oneHot,
  saveFigure,
  scale,
  tf,
  withChannelAxis,
} from "convnotes";
import { compilation, tf as tfOfEngine } from "convnotes/engine";
import { adam } from "convnotes/keras";
import { historyFrame } from "convnotes/training/history-frame";
import { isDisplayable, toMimeBundle } from "@convnotes/notebook";

async function main(): Promise<void> {
  const dataset = await load("mnist", { from: "synthetic" });
  const { images, labels } = dataset.train;
  const x = scale(withChannelAxis(images.slice(0, 128)));
  const y = oneHot(labels.slice(0, 128), 10);
  const model = tf.sequential();
  model.add(tf.layers.flatten({ inputShape: [28, 28, 1] }));
  model.add(tf.layers.dense({ units: 10, activation: "softmax" }));
  model.compile({
    optimizer: adam(),
    loss: "categoricalCrossentropy",
    metrics: ["accuracy"],
  });
  const history = await fit(model, x, y, { epochs: 2, progress: false });
  const figure: Figure = historyPlot(history, { dataset });
  const shown: unknown = figure;
  const frame = historyFrame(history);
  const columns: string[] = frame.columns;
  console.log(
    JSON.stringify({
      native: compilation(model).training.native,
      isOneTensorFlow: tf === tfOfEngine,
      isOneKeras: keras.adam === adam,
      mimeTypes: isDisplayable(shown) ? Object.keys(toMimeBundle(shown)) : [],
      page: await saveFigure(figure, "history", { format: "html" }),
      columns,
      described: frame.describe().shape,
      grouped: frame.groupby(["loss"]).mean().shape,
    }),
  );
}

void main();
