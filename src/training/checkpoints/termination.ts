/**
 * Signals and exits while a run has checkpoints.
 */

/** Exit status after SIGTERM, as shells report it: 128 + 15. */
export const terminatedStatus = 143;

/** What a run does when its process is about to end. */
interface Endings {
  /** Called at SIGTERM: the run saves its state and ends the process. */
  terminated(): void;
  /** Called when the process exits, for example as its kernel restarts. Must not wait. */
  exiting(): void;
}

/**
 * Watches for the end of the process. Returns a function that ends the watch.
 *
 * Also prevents SIGXFSZ from ending it: a file that would exceed the limit of `ulimit -f` is then
 * an error of that file.
 */
export function watchEndings({ terminated, exiting }: Endings): () => void {
  const ignore = () => undefined;
  const listeners = [
    ["SIGTERM", terminated],
    // Windows has no such signal.
    ...(process.platform === "win32" ? [] : [["SIGXFSZ", ignore] as const]),
    ["exit", exiting],
  ] as const;
  for (const [event, listener] of listeners) process.on(event, listener);
  return () => {
    for (const [event, listener] of listeners) process.off(event, listener);
  };
}
