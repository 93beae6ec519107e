/**
 * An optimizer while it is applied, seen from outside.
 */
import type { NamedGradient } from "../recording/step-update";
import type { tf } from "../tfjs/library";

/** Who is told of the gradients. */
interface UpdateListener {
  update(
    gradients: readonly NamedGradient[],
    apply: (gradients: readonly NamedGradient[]) => void,
  ): void;
  atEnd(run: () => void): void;
}

/** Lets the recorder have the gradients, for as long as it records. */
export function noteUpdates(
  optimizer: tf.Optimizer,
  recorder: UpdateListener,
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

/** tfjs counts an optimizer's steps in JavaScript, where a program does not pass. */
export function countIteration(optimizer: tf.Optimizer | undefined): void {
  (
    optimizer as unknown as { incrementIterations(): void } | undefined
  )?.incrementIterations();
}
