/**
 * The gearbox: an optimizer while it is applied, seen from outside.
 */
import type { Recorder } from "../recording/recorder";
import type { tf } from "../tfjs/library";

/** Lets the recorder have the gradients, for as long as it records. */
export function noteUpdates(optimizer: tf.Optimizer, recorder: Recorder): void {
  const apply = optimizer.applyGradients.bind(optimizer);
  optimizer.applyGradients = (gradients) => {
    const list = Array.isArray(gradients)
      ? gradients
      : Object.entries(gradients).map(([name, tensor]) => ({ name, tensor }));
    recorder.update(list, () => apply(gradients));
  };
  recorder.atEnd(() => {
    delete (optimizer as Partial<tf.Optimizer>).applyGradients;
  });
}

/** tfjs counts an optimizer's steps in JavaScript, where a program does not pass. */
export function countIteration(optimizer: tf.Optimizer | undefined): void {
  (
    optimizer as unknown as { incrementIterations(): void } | undefined
  )?.incrementIterations();
}
