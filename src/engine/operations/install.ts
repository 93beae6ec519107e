/**
 * Installs improved kernels and gradients in place of tfjs's own, and uninstalls them.
 */
import { runtime } from "../engine-runtime";
import { declarePart } from "../parts/declared-parts";
import { watchRegistrations } from "../parts/registrations";
import { tf } from "../tfjs/library";
import { isTfjsFunction, isTfjsKernel } from "../tfjs/tfjs-source";
import { explainMemoryErrors } from "./explain-memory-errors";
import { gradientImprovements } from "./gradients";
import { kernelImprovements } from "./kernels";

const backendName = "tensorflow";

/** Registers the improved versions, except where the user has registered a custom one. */
export function installOperations(): void {
  watchRegistrations();
  explainMemoryErrors();
  for (const [name, improve] of Object.entries(kernelImprovements)) {
    const previous = tf.getKernel(name, backendName);
    if (!isTfjsKernel(previous.kernelFunc, name)) continue;
    const kernelFunc = improve((call) =>
      previous.kernelFunc({ ...call, backend: tf.backend() } as never),
    ) as unknown as tf.KernelConfig["kernelFunc"];
    const ours = declarePart({ ...previous, kernelFunc });
    runtime.kernels.set(name, { previous, ours });
    replaceKernel(ours);
  }
  for (const [name, improve] of Object.entries(gradientImprovements)) {
    const previous = tf.getGradient(name);
    if (!isTfjsFunction(previous.gradFunc, "gradients")) continue;
    // Not spread, because that would evaluate the getters now.
    const ours = declarePart(
      Object.defineProperties(
        { kernelName: name } as tf.GradConfig,
        Object.getOwnPropertyDescriptors(improve(previous)),
      ),
    );
    runtime.gradients.set(name, { previous, ours });
    replaceGradient(ours);
  }
}

/** Restores tfjs's own, except where the user has registered a custom one since. */
export function uninstallOperations(): void {
  for (const hook of runtime.allocations.splice(0)) hook.remove();
  for (const [name, { previous, ours }] of runtime.kernels) {
    if (tf.getKernel(name, backendName) === ours) replaceKernel(previous);
  }
  for (const [name, { previous, ours }] of runtime.gradients) {
    if (tf.getGradient(name) === ours) replaceGradient(previous);
  }
  runtime.kernels.clear();
  runtime.gradients.clear();
}

function replaceKernel(config: tf.KernelConfig): void {
  tf.unregisterKernel(config.kernelName, backendName);
  tf.registerKernel(config);
}

function replaceGradient(config: tf.GradConfig): void {
  tf.unregisterGradient(config.kernelName);
  tf.registerGradient(config);
}
