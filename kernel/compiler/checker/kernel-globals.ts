/**
 * The compiler's room: the types of what the kernel itself makes global (`../../runtime/input.ts`).
 */

/** Declarations for a module that the program of cells holds. */
export const kernelGlobals = `declare global {
  /**
   * Asks the user for a line of text, and waits for it.
   *
   * @param message What to ask.
   * @param defaultValue The answer if the line is left empty.
   * @throws An InputNotAllowed error where nobody can answer, as in nbconvert.
   */
  function prompt(message?: string, defaultValue?: string): string;
  /**
   * Asks the user for a line of text that stays hidden while it is typed.
   *
   * @param message What to ask.
   */
  function prompt(message: string, options: { password: boolean }): string;
  /** Asks the user a question that is answered by y or n, and waits for it. */
  function confirm(message?: string): boolean;
  /** Tells the user something, and waits until the user has pressed Enter. */
  function alert(message?: string): void;
}
export {};
`;
