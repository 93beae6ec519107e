/**
 * Measures the cost of checkpoints.
 *
 * Trains one model of the course in one process with and without checkpoints, in alternating runs
 * of two epochs. The second epoch's time is counted, from the end of the first one's callbacks to
 * those of its own, so it includes the checkpoint after the first epoch. Prints one line of JSON.
 */
import { mkdtempSync, readdirSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { checkpoints, tf } from "convnotes";
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
      turns: { type: "string" },
      folder: { type: "string" },
    },
  });
  const row = lessonModel(values.model ?? "");
  const samples = Number(values.samples);
  const root = mkdtempSync(join(values.folder || tmpdir(), "checkpoints-"));
  const [x, y] = randomSamples(row, samples);
  const times: Record<"plain" | "saved", number[]> = { plain: [], saved: [] };
  let bytes = 0;
  for (let turn = 0; turn < Number(values.turns); turn += 1) {
    const kinds: ("plain" | "saved")[] = ["plain", "saved"];
    if (turn % 2 === 1) kinds.reverse();
    for (const kind of kinds) {
      const model = buildLessonModel(row.name);
      compileLessonModel(model, row);
      const folder = join(root, `${kind}-${turn}`);
      const ends: number[] = [];
      const clock = new tf.CustomCallback(
        { onEpochEnd: async () => void ends.push(performance.now()) },
        "auto",
      );
      await model.fit(x, y, {
        batchSize: row.batchSize,
        epochs: 2,
        verbose: 0,
        callbacks: [...(kind === "saved" ? [checkpoints(folder)] : []), clock],
      });
      times[kind].push((ends[1]! - ends[0]!) / 1000);
      if (kind === "saved") {
        const name = readdirSync(folder).find((each) =>
          each.startsWith("step"),
        );
        bytes = statSync(join(folder, name!)).size;
      }
      model.dispose();
    }
  }
  rmSync(root, { recursive: true });
  console.log(JSON.stringify({ ...times, bytes }));
}

void main();
