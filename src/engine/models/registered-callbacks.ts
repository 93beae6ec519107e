/**
 * Callbacks that a program has registered for all runs of training (`tf.registerCallbackConstructor`).
 *
 * tfjs makes them for each run whose `verbose` is at least the level that they were registered for. Its list of them is not to be had from
 * outside, so registrations for level 0 are noted as they come.
 */
import { createRequire } from "node:module";
import { declarePart } from "../parts/declared-parts";

/** What tfjs-layers exports, as tfjs and tfjs-node hand it on. */
const exported = createRequire(__filename)("@tensorflow/tfjs-layers") as {
  registerCallbackConstructor(level: number, constructor: unknown): void;
};

let isAnySilent = false;
let isFollowing = false;

/** Whether a callback was registered for runs that print nothing. */
export function hasSilentCallbacks(): boolean {
  return isAnySilent;
}

/** Begins to note registrations, once and for good. */
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
