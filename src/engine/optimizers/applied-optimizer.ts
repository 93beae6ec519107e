/**
 * Observes the application of an optimizer.
 */
import type { NamedGradient } from "../recording/step-update";
import type { tf } from "../tfjs/library";

/** Receives the gradients passed to an optimizer. */
interface UpdateObserver {
  update(
    gradients: readonly NamedGradient[],
    apply: (gradients: readonly NamedGradient[]) => void,
  ): void;
  atEnd(run: () => void): void;
}

/** Passes the optimizer's gradients to the recorder while it records. */
export function observeUpdates(
  optimizer: tf.Optimizer,
  recorder: UpdateObserver,
): void {
  const apply = optimizer.applyGradients.bind(optimizer);
  optimizer.applyGradients = (gradients) => {
    const list = Array.isArray(gradients)
      ? gradients
      : Object.entries(gradients).map(([name, tensor]) => ({ name, tensor }));
    recorder.update(list, (each) =>
      apply([...each] as Parameters<typeof apply>[0]),
    );
  };
  recorder.atEnd(() => {
    delete (optimizer as Partial<tf.Optimizer>).applyGradients;
  });
}

/** Counts a step of an optimizer, which tfjs does in JavaScript that a program does not run. */
export function countIteration(optimizer: tf.Optimizer | undefined): void {
  (
    optimizer as unknown as { incrementIterations(): void } | undefined
  )?.incrementIterations();
}
