/**
 * Observes the application of an optimizer.
 */
import type { NamedGradient } from "../recording/step-update";
import { hookMethod } from "../tfjs/hook";
import type { tf } from "../tfjs/library";
import { optimizerInternals } from "../tfjs/optimizer-internals";

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
  const hook = hookMethod(
    optimizer,
    "applyGradients",
    (applyGradients) => (gradients) => {
      const list = Array.isArray(gradients)
        ? gradients
        : Object.entries(gradients).map(([name, tensor]) => ({ name, tensor }));
      recorder.update(list, (each) =>
        applyGradients.call(optimizer, [...each] as Parameters<
          typeof applyGradients
        >[0]),
      );
    },
  );
  recorder.atEnd(() => hook.remove());
}

/** Counts a step of an optimizer, which tfjs does in JavaScript that a program does not run. */
export function countIteration(optimizer: tf.Optimizer | undefined): void {
  if (optimizer) optimizerInternals(optimizer).incrementIterations();
}
