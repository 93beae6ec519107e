/**
 * Detects changes of registered kernels and gradients.
 */
import { hookMethod } from "../tfjs/hook";
import { tf } from "../tfjs/library";
import { once } from "../tfjs/once";
import { kernelOfPackage, tfjsRegistries } from "../tfjs/registries";
import { isDeclaredPart } from "./declared-parts";

/** Facts about tfjs's registries, which belong to the process, not to a running engine. */
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

/** Watches registrations from the first call on. */
export const watchRegistrations = once(() => {
  for (const registry of tfjsRegistries()) watch(registry);
  for (const { kernelName, ...config } of tf.getKernelsForBackend(
    "tensorflow",
  )) {
    const original = kernelOfPackage(kernelName);
    if (original !== undefined && original !== config.kernelFunc) {
      foreign.add(`tensorflow_${kernelName}`);
    }
  }
});

function watch(registry: Map<string, object>): void {
  const originals = new Map(registry);
  hookMethod(registry, "set", (set) => (key, config) => {
    count += 1;
    const original = originals.get(key);
    if (original === config || isDeclaredPart(config)) foreign.delete(key);
    else if (original !== undefined) foreign.add(key);
    set.call(registry, key, config);
    return registry;
  });
  hookMethod(registry, "delete", (remove) => (key) => {
    count += 1;
    return remove.call(registry, key);
  });
}
