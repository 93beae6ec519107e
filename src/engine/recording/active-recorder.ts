/**
 * Tracks the active recorder; there is at most one at a time.
 */
import { runtime, type ActiveRecorder } from "../engine-runtime";

/** Whether a step is being recorded. */
export function isRecording(): boolean {
  return runtime.recorder?.isAlive ?? false;
}

/** Ends the active recording, if any, and activates a recorder. */
export function activateRecorder(recorder: ActiveRecorder): void {
  runtime.recorder?.stop();
  runtime.recorder = recorder;
}

/** Deactivates a recorder. Returns whether it was the active one. */
export function deactivateRecorder(recorder: ActiveRecorder): boolean {
  if (runtime.recorder !== recorder) return false;
  runtime.recorder = undefined;
  return true;
}
