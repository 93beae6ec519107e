/**
 * Kernels and gradients that are registered: whether one of tfjs's was replaced, and whether anything changed.
 */
import { join, dirname } from "node:path";
import { tf } from "../tfjs/library";
import { isDeclaredPart } from "./declared-parts";

/** tfjs's registries are maps for the whole process (`global_util.ts` and `kernel_registry.ts` of tfjs-core). */
interface Globals {
  readonly _tfGlobals?: Map<string, unknown>;
}

type Registry = Map<string, object>;

let count = 0;

/** Keys of what was tfjs's own, and is the user's now. */
const foreign = new Set<string>();

/** Number of changes so far: a compiled step holds only as long as it stays. */
export function registrationCount(): number {
  return count;
}

/** Name of a kernel or gradient of tfjs's that the user has replaced; undefined if there is none. */
export function foreignRegistration(): string | undefined {
  const [key] = foreign;
  return key?.replace(/^tensorflow_/, "").replace(/^.*_/, "");
}

let isWatching = false;

/** Begins to watch, once and for good. */
export function watchRegistrations(): void {
  if (isWatching) return;
  isWatching = true;
  // A look-up makes the registries, if nothing has yet.
  tf.getKernel("Identity", "tensorflow");
  tf.getGradient("Identity");
  const globals = (globalThis as Globals)._tfGlobals;
  for (const name of ["kernelRegistry", "gradRegistry"]) {
    watch(globals?.get(name) as Registry);
  }
  for (const { kernelName, ...config } of tf.getKernelsForBackend(
    "tensorflow",
  )) {
    const original = kernelOfPackage(kernelName);
    if (original !== undefined && original !== config.kernelFunc) {
      foreign.add(`tensorflow_${kernelName}`);
    }
  }
}

function watch(registry: Registry): void {
  const originals = new Map(registry);
  const set = registry.set.bind(registry);
  const remove = registry.delete.bind(registry);
  registry.set = (key, config) => {
    count += 1;
    const original = originals.get(key);
    if (original === config || isDeclaredPart(config)) foreign.delete(key);
    else if (original !== undefined) foreign.add(key);
    set(key, config);
    return registry;
  };
  registry.delete = (key) => {
    count += 1;
    return remove(key);
  };
}

/** The function of a kernel as tfjs-node's file exports it; undefined if there is no file of that name. */
function kernelOfPackage(
  name: string,
): tf.KernelConfig["kernelFunc"] | undefined {
  const main = require.resolve("@tensorflow/tfjs-node");
  const file = join(dirname(main), "kernels", `${name}.js`);
  // All that are registered have been loaded; others are not of interest.
  const exported = require.cache[file]?.exports as
    Record<string, Partial<tf.KernelConfig>> | undefined;
  return Object.values(exported ?? {}).find(
    ({ kernelName }) => kernelName === name,
  )?.kernelFunc;
}
