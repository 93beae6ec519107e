/**
 * Waits for conditions in tests.
 */
import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";

/** Time limit of a wait, in milliseconds. */
const PATIENCE = 120_000;

/**
 * Waits until a condition holds. Fails after two minutes.
 *
 * @param find The condition: it holds when this returns a value other than false and undefined.
 * @param what What is waited for, for the message of the failure.
 * @returns The value.
 */
export async function until<Found>(
  find: () => Found | Promise<Found>,
  what: string | (() => string),
): Promise<Exclude<Found, false | undefined>> {
  const end = Date.now() + PATIENCE;
  for (;;) {
    const found = await find();
    if (found !== false && found !== undefined)
      return found as Exclude<Found, false | undefined>;
    assert.ok(
      Date.now() < end,
      `waited two minutes for ${typeof what === "string" ? what : what()}`,
    );
    await sleep(5);
  }
}
