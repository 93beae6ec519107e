/**
 * Tells whether a text can be written as a name.
 */

/** Whether a text is an identifier, such as a variable's name; reserved words are, too. */
export function isIdentifier(text: string): boolean {
  return /^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u.test(text);
}
