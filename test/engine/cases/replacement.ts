/**
 * Fields of TensorFlow.js's objects, replaced for the time of one program.
 */
import type { Observations } from "./observations";

/** An object whose fields the types do not show. */
export type Inside = Record<string, unknown>;

/** The same object, seen so. */
export const inside = (part: object) => part as Inside;

/** Replaces a field for the time of one program. */
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
