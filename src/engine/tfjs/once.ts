/**
 * What is done to tfjs once in a process and stays, also while the engine is off.
 */

/** Creates a function that does something at its first call, and nothing at further ones. */
export function once(run: () => void): () => void {
  let isDone = false;
  return () => {
    if (isDone) return;
    isDone = true;
    run();
  };
}
