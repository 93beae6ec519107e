/**
 * Removes lines that native code writes to standard error and that tell the user nothing, such as
 * those at the start of a library, before any log setting takes effect.
 *
 * Packages declare which (`../extensions/declaration.ts`). All other output is shown.
 */

/**
 * Returns the text without the lines that match an expression.
 *
 * @param quietLines Returns the expressions; called only if there is text.
 */
export function withoutQuietLines(
  text: string,
  quietLines: () => readonly RegExp[],
): string {
  const expressions = text === "" ? [] : quietLines();
  if (expressions.length === 0) return text;
  return text
    .split(/(?<=\n)/)
    .filter((line) => !expressions.some((each) => each.test(line)))
    .join("");
}
