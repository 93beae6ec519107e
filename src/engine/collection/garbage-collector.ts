/**
 * V8's garbage collector: called when it is due, and watched when it runs by itself.
 */
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

let collect: (() => void) | undefined;

/**
 * Runs a full garbage collection now, and waits for it.
 *
 * V8 runs one when JavaScript's heap has grown, and a tensor is some hundred bytes there, whatever
 * it holds in TensorFlow. Node has no way to tell V8 of such memory from JavaScript, and offers
 * the call only to processes started with `--expose-gc`. Setting that flag later takes effect for
 * contexts made afterwards, so the function is taken out of a new one.
 */
export function collectGarbage(): void {
  if (collect === undefined) {
    setFlagsFromString("--expose-gc");
    collect = runInNewContext("gc") as () => void;
  }
  collect();
}

/**
 * Calls back after every full garbage collection, whoever started it.
 *
 * @param callback Runs in a task of its own, soon after the collection.
 * @returns Ends the calls.
 */
export function watchCollections(callback: () => void): () => void {
  let watched = {};
  // Minor collections do not clear weak references, so an object that nothing else refers to is
  // reported by the next full collection.
  const registry = new FinalizationRegistry<undefined>(() => {
    arm();
    callback();
  });
  // The object that is watched must be forgotten, the one that ends the watch must not.
  const arm = () => {
    watched = {};
    registry.register({}, undefined, watched);
  };
  arm();
  return () => {
    registry.unregister(watched);
  };
}
