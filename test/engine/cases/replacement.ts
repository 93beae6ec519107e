/**
 * Replaces fields of TensorFlow.js's objects while one program runs.
 */
import type { Observations } from "./observations";

/** An object whose fields are not declared in its type. */
export type Inside = Record<string, unknown>;

/** Returns the same object with that type. */
export const inside = (part: object) => part as Inside;

/** Replaces a field while one program runs. */
export function replace(
  observations: Observations,
  owner: object,
  field: string,
  value: unknown,
): void {
  const before = Object.getOwnPropertyDescriptor(owner, field);
  observations.afterwards(() => {
    if (before === undefined) delete inside(owner)[field];
    else Object.defineProperty(owner, field, before);
  });
  inside(owner)[field] = value;
}
