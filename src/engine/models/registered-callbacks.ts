/**
 * Detects callbacks registered for all training runs (`tf.registerCallbackConstructor`).
 *
 * tfjs creates them for each run whose `verbose` is at least the level they were registered for.
 * Its list of them is not accessible, so registrations for level 0 are recorded as they are made.
 */
import { declarePart } from "../parts/declared-parts";
import { layersExports } from "../tfjs/callback-internals";
import { hookMethod } from "../tfjs/hook";
import { once } from "../tfjs/once";

/** A fact about tfjs's list, which belongs to the process, not to a running engine. */
let isAnySilent = false;

/** Whether a callback was registered for runs that print nothing. */
export function hasSilentCallbacks(): boolean {
  return isAnySilent;
}

/** Records registrations from the first call on. */
export const followRegisteredCallbacks = once(() => {
  const hook = hookMethod(
    layersExports,
    "registerCallbackConstructor",
    (register) => (level, constructor) => {
      if (level <= 0) isAnySilent = true;
      register(level, constructor);
    },
  );
  declarePart(hook.wrapper);
});
