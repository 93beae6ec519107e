/**
 * Handles differences between the supported versions of Node.
 */
import module from "node:module";

/** Delay between the last loaded module and writing the compile cache, in milliseconds. */
const PAUSE_BEFORE_WRITING = 2000;

/** Functions of `node:module` from Node 22.8 and 22.10 on. */
interface CompileCache {
  enableCompileCache?: (folder: string) => unknown;
  flushCompileCache?: () => void;
}

/**
 * Enables Node's compile cache on disk if available, so that large libraries load faster the
 * next time.
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
