/**
 * Training runs with curves from formulas, for the figures and tables of the gallery.
 */
import { Random } from "../../../src/data/synthetic/random";
import { History } from "../../../src/training/history";

/** Returns a run whose curves look like those of a model that begins to overfit. */
export function run(epochs: number): History {
  const random = new Random(7);
  const over = (value: (share: number) => number) =>
    Array.from({ length: epochs }, (_, epoch) =>
      value((epoch + 1) / epochs + random.uniform(-0.02, 0.02)),
    );
  const curves = {
    loss: over((share) => 0.35 + 1.6 * Math.exp(-3 * share)),
    accuracy: over((share) => 0.9 - 0.6 * Math.exp(-3 * share)),
    val_loss: over((share) => 0.8 + Math.exp(-4 * share) + 0.35 * share ** 2),
    val_accuracy: over((share) => 0.72 - 0.4 * Math.exp(-4 * share)),
  };
  const config = {
    epochs,
    batchSize: 128,
    samples: 45_000,
    validationSamples: 5_000,
  };
  const seconds = over((share) => 12 + 2 * share);
  return new History(config, curves, seconds);
}

/** A run that was interrupted in its third epoch. */
export function interruptedRun(): History {
  const { config, curves, seconds } = run(5);
  const done = Object.entries(curves).map(([name, values]) => [
    name,
    values.slice(0, 2),
  ]);
  return new History(
    config,
    Object.fromEntries(done) as Record<string, number[]>,
    seconds.slice(0, 2),
    { epoch: 3, steps: 117 },
  );
}
