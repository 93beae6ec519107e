/**
 * Whether a step is being listened to; one at a time.
 */

/** Who listens. */
export interface Listener {
  /** Whether the step still runs. */
  readonly isAlive: boolean;
  /** Ends the listening. */
  stop(): void;
}

let current: Listener | undefined;

/** Whether a step is being listened to. */
export function isRecording(): boolean {
  return current?.isAlive ?? false;
}

/** Ends whatever listening goes on, and notes who listens now. */
export function beginListening(listener: Listener): void {
  current?.stop();
  current = listener;
}

/** Whether a listener is the one that listens; it then is not any more. */
export function endListening(listener: Listener): boolean {
  if (current !== listener) return false;
  current = undefined;
  return true;
}
