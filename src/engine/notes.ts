/** Says what is worth knowing and not wrong. */
export function note(text: string): void {
  console.warn(text);
}
