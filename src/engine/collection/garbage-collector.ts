/**
 * Access to V8's garbage collector: triggers it, and reports when it has run.
 */
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

let collect: (() => void) | undefined;

/**
 * Runs a full garbage collection synchronously.
 *
 * V8 runs one when JavaScript's heap has grown. A tensor takes about a hundred bytes there, however
 * much memory it holds in TensorFlow. Node has no way to report such memory to V8 from JavaScript,
 * and exposes the collector only in processes started with `--expose-gc`. Setting the flag later
 * affects only contexts created afterwards, so the function is taken from a new context.
 */
export function collectGarbage(): void {
  if (collect === undefined) {
    setFlagsFromString("--expose-gc");
    collect = runInNewContext("gc") as () => void;
  }
  collect();
}

/**
 * Calls back after every full garbage collection, whatever triggered it.
 *
 * @param callback Runs in a separate task, soon after the collection.
 * @returns A function that ends the calls.
 */
export function watchCollections(callback: () => void): () => void {
  let watched = {};
  // Minor collections do not clear weak references, so an unreferenced object is reported by the
  // next full collection.
  const registry = new FinalizationRegistry<undefined>(() => {
    arm();
    callback();
  });
  // The watched object must be collectable; the object that ends the watch must not be.
  const arm = () => {
    watched = {};
    registry.register({}, undefined, watched);
  };
  arm();
  return () => {
    registry.unregister(watched);
  };
}
