/**
 * Waits for conditions in tests.
 */
import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";

/** Waits until a condition holds. Fails after two minutes. */
export async function until(
  condition: () => boolean,
  what: string,
): Promise<void> {
  const end = Date.now() + 120_000;
  while (!condition()) {
    assert.ok(Date.now() < end, `waited two minutes for ${what}`);
    await sleep(20);
  }
}
