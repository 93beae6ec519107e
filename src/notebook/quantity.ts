/**
 * Formats numbers for messages.
 */

/** Formats a number with thousands separators: 30,730,000. */
export function count(value: number): string {
  return value.toLocaleString("en");
}

/** Formats a number with its unit, in the plural if needed: 1 byte, 2,048 bytes. */
export function quantity(value: number, thing: string): string {
  return `${count(value)} ${thing}${value === 1 ? "" : "s"}`;
}
