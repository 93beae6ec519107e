/**
 * Measures the cost of random image changes during training.
 *
 * Trains one model of the course twice in one process, once with `randomFlip` and `randomShift` in
 * front, in alternating epochs. Prints one line of JSON, with times in seconds.
 */
import { parseArgs } from "node:util";
import { randomFlip, randomShift, tf } from "convnotes";
import {
  buildLessonModel,
  compileLessonModel,
  lessonModel,
  randomSamples,
} from "../training/build";

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      model: { type: "string" },
      samples: { type: "string" },
      epochs: { type: "string" },
    },
  });
  const row = lessonModel(values.model ?? "");
  const samples = Number(values.samples);
  const inputShape = [...row.inputShape];
  const plain = buildLessonModel(row.name);
  const changed = tf.sequential({
    layers: [
      randomFlip({ inputShape }),
      randomShift({ pixels: 4 }),
      ...buildLessonModel(row.name).layers,
    ],
  });
  const [x, y] = randomSamples(row, samples);
  const times: Record<string, number[]> = { plain: [], changed: [] };
  for (const model of [plain, changed]) compileLessonModel(model, row);
  for (let epoch = 0; epoch < Number(values.epochs); epoch += 1) {
    const turn: [string, tf.Sequential][] = [
      ["plain", plain],
      ["changed", changed],
    ];
    if (epoch % 2 === 1) turn.reverse();
    for (const [name, model] of turn) {
      const began = performance.now();
      await model.fit(x, y, {
        batchSize: row.batchSize,
        epochs: 1,
        verbose: 0,
      });
      times[name]!.push((performance.now() - began) / 1000);
    }
  }
  console.log(JSON.stringify(times));
}

void main();
