/**
 * Tracks the active recorder; there is at most one at a time.
 */

/** A recorder that observes a step. */
interface ActiveRecorder {
  /** Whether the step is still running. */
  readonly isAlive: boolean;
  /** Ends the recording. */
  stop(): void;
}

let current: ActiveRecorder | undefined;

/** Whether a step is being recorded. */
export function isRecording(): boolean {
  return current?.isAlive ?? false;
}

/** Ends the active recording, if any, and activates a recorder. */
export function activateRecorder(recorder: ActiveRecorder): void {
  current?.stop();
  current = recorder;
}

/** Deactivates a recorder. Returns whether it was the active one. */
export function deactivateRecorder(recorder: ActiveRecorder): boolean {
  if (current !== recorder) return false;
  current = undefined;
  return true;
}
