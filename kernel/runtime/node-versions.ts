/**
 * What is not the same in every version of Node that the kernel runs on.
 */
import module from "node:module";
import util from "node:util";

/** How long after the latest module was loaded what Node compiled is written down, in milliseconds. */
const PAUSE_BEFORE_WRITING = 2000;

/** What `node:module` has besides, from Node 22.8 and 22.10 on. */
interface CompileCache {
  enableCompileCache?: (folder: string) => unknown;
  flushCompileCache?: () => void;
}

/** Puts back what TensorFlow.js 4.22.0 still calls and Node 23 removed (tensorflow/tfjs#8609). */
export function restoreRemovedFunctions(): void {
  const older = util as { isNullOrUndefined?: (value: unknown) => boolean };
  older.isNullOrUndefined ??= (value) => value === null || value === undefined;
}

/**
 * Lets Node keep what it compiles of modules on disk, where it can: TensorFlow.js is loaded sooner the next time.
 *
 * @param folder Where; Node makes it, and does without one that it cannot write to.
 * @returns To be called when modules have been loaded: Node by itself writes only as the process ends in peace, and a kernel's
 *   runtime does not.
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
