/**
 * Handles differences between the supported versions of Node.
 */
import module from "node:module";
import util from "node:util";

/** Delay between the last loaded module and writing the compile cache, in milliseconds. */
const PAUSE_BEFORE_WRITING = 2000;

/** Functions of `node:module` from Node 22.8 and 22.10 on. */
interface CompileCache {
  enableCompileCache?: (folder: string) => unknown;
  flushCompileCache?: () => void;
}

/**
 * Restores functions that TensorFlow.js 4.22.0 still calls and Node 23 removed
 * (tensorflow/tfjs#8609).
 */
export function restoreRemovedFunctions(): void {
  const older = util as { isNullOrUndefined?: (value: unknown) => boolean };
  older.isNullOrUndefined ??= (value) => value === null || value === undefined;
}

/**
 * Enables Node's compile cache on disk if available, so that TensorFlow.js loads faster the next
 * time.
 *
 * @param folder The cache folder. Node creates it, and works without a cache if it is not writable.
 * @returns A function to call after loading modules, which writes the cache. Node itself writes it
 *   only at a normal exit, and a kernel's runtime is killed.
 */
export function keepCompiledModules(folder: string | undefined): () => void {
  const { enableCompileCache, flushCompileCache } = module as CompileCache;
  if (folder === undefined || !enableCompileCache || !flushCompileCache) {
    return () => undefined;
  }
  enableCompileCache(folder);
  let timer: NodeJS.Timeout | undefined;
  return () => {
    clearTimeout(timer);
    timer = setTimeout(flushCompileCache, PAUSE_BEFORE_WRITING).unref();
  };
}
