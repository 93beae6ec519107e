/**
 * Numbers as people read them.
 */

/** Writes a number with its thousands apart: 30,730,000. */
export function count(value: number): string {
  return value.toLocaleString("en");
}

/** Writes a number of things: 1 byte, 2,048 bytes. */
export function quantity(value: number, thing: string): string {
  return `${count(value)} ${thing}${value === 1 ? "" : "s"}`;
}
