/**
 * Every training run that the five sources report, in their order.
 */

/** One training run as its source reports it. */
export interface SourceRun {
  readonly lesson: number;
  /**
   * The model's name in the course's notebooks: the lesson's number, and a letter if the lesson has
   * several models.
   */
  readonly model: string;
  /** Number of parameters, trainable or not. */
  readonly parameters: number;
  readonly epochs: number;
  /** Loss on the test set, in nats; in lesson 0's third run it includes the penalty. */
  readonly loss: number;
  /** Accuracy on the test set, 0 to 1. */
  readonly accuracy: number;
  /** Mean of the epoch times that the source prints, in seconds, or null if it prints none. */
  readonly secondsPerEpoch: number | null;
}

/** Lesson 2 trains nothing, so it has no run. */
export const sourceRuns: readonly SourceRun[] = [
  run("0a", 113_738, 10, 0.96415, 0.6675),
  run("0b", 1_512_074, 10, 1.02851, 0.7107),
  run("0c", 2_224_778, 150, 2.06336, 0.2179),
  // 7, 5, 5 and 5 s for the four epochs that are printed.
  run("1", 122_570, 10, 0.9265, 0.703, 5.5),
  run("3a", 12_786, 10, 68.994, 0.8153),
  run("3b", 74_514, 10, 58.214, 0.8378),
  run("3c", 49_484, 10, 100.514, 0.1051),
  run("3d", 102_252, 10, 280.356, 0.1821),
  // 177, 159 and 146 s for the three epochs that are printed.
  run("4", 1_060_138, 10, 0.9383, 0.683, 160.7),
];

function run(
  model: string,
  parameters: number,
  epochs: number,
  loss: number,
  accuracy: number,
  secondsPerEpoch: number | null = null,
): SourceRun {
  const lesson = Number.parseInt(model, 10);
  return { lesson, model, parameters, epochs, loss, accuracy, secondsPerEpoch };
}
