/**
 * Detects changes of registered kernels and gradients.
 */
import { join, dirname } from "node:path";
import { tf } from "../tfjs/library";
import { isDeclaredPart } from "./declared-parts";

/**
 * tfjs's registries are maps for the whole process (`global_util.ts` and `kernel_registry.ts` of
 * tfjs-core).
 */
interface Globals {
  readonly _tfGlobals?: Map<string, unknown>;
}

type Registry = Map<string, object>;

let count = 0;

/** Keys of tfjs registrations that the user has replaced. */
const foreign = new Set<string>();

/** Number of changes so far: a compiled step is valid only while it stays the same. */
export function registrationCount(): number {
  return count;
}

/** Name of a tfjs kernel or gradient that the user has replaced; undefined if there is none. */
export function foreignRegistration(): string | undefined {
  const [key] = foreign;
  return key?.replace(/^tensorflow_/, "").replace(/^.*_/, "");
}

let isWatching = false;

/** Starts to watch registrations, permanently. */
export function watchRegistrations(): void {
  if (isWatching) return;
  isWatching = true;
  // A lookup creates the registries if they do not exist yet.
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

/**
 * Returns the function of a kernel as exported by tfjs-node's file; undefined if there is no such
 * file.
 */
function kernelOfPackage(
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
