/**
 * Access to tfjs's registries of kernels and gradients.
 *
 * They are maps for the whole process (`global_util.ts` and `kernel_registry.ts` of tfjs-core).
 */
import { dirname, join } from "node:path";
import { tf } from "./library";

interface Globals {
  readonly _tfGlobals?: Map<string, Map<string, object>>;
}

/** Returns the registries. Kernels have the key `BACKEND_NAME`, gradients `NAME`. */
export function tfjsRegistries(): readonly Map<string, object>[] {
  // A lookup creates the registries if they do not exist yet.
  tf.getKernel("Identity", "tensorflow");
  tf.getGradient("Identity");
  const globals = (globalThis as Globals)._tfGlobals!;
  return [globals.get("kernelRegistry")!, globals.get("gradRegistry")!];
}

/**
 * Returns the function of a kernel as exported by tfjs-node's file; undefined if there is no such
 * file.
 */
export function kernelOfPackage(
  name: string,
): tf.KernelConfig["kernelFunc"] | undefined {
  const main = require.resolve("@tensorflow/tfjs-node");
  const file = join(dirname(main), "kernels", `${name}.js`);
  // All registered kernels have been loaded; others are irrelevant.
  const exported = require.cache[file]?.exports as
    Record<string, Partial<tf.KernelConfig>> | undefined;
  return Object.values(exported ?? {}).find(
    ({ kernelName }) => kernelName === name,
  )?.kernelFunc;
}
