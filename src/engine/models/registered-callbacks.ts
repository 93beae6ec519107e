/**
 * Detects callbacks registered for all training runs (`tf.registerCallbackConstructor`).
 *
 * tfjs creates them for each run whose `verbose` is at least the level they were registered for.
 * Its list of them is not accessible, so registrations for level 0 are recorded as they are made.
 */
import { createRequire } from "node:module";
import { declarePart } from "../parts/declared-parts";

/** The exports of tfjs-layers, which tfjs and tfjs-node re-export. */
const exported = createRequire(__filename)("@tensorflow/tfjs-layers") as {
  registerCallbackConstructor(level: number, constructor: unknown): void;
};

let isAnySilent = false;
let isFollowing = false;

/** Whether a callback was registered for runs that print nothing. */
export function hasSilentCallbacks(): boolean {
  return isAnySilent;
}

/** Starts to record registrations, permanently. */
export function followRegisteredCallbacks(): void {
  if (isFollowing) return;
  isFollowing = true;
  const register = exported.registerCallbackConstructor;
  exported.registerCallbackConstructor = declarePart(
    (level: number, constructor: unknown) => {
      if (level <= 0) isAnySilent = true;
      register(level, constructor);
    },
  );
}
