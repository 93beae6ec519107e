/**
 * Removes lines that native code writes to standard error and that tell the user nothing, such as
 * those at the start of a library, before any log setting takes effect.
 *
 * Packages declare which (`../extensions/declaration.ts`). All other output is shown.
 */

/** What Node prints at the end of a process whose inspector is used. */
const INSPECTOR = /^Waiting for the debugger to disconnect\.\.\.$/;

/**
 * Returns the text without the lines that match an expression, and those of Node's inspector.
 *
 * @param quietLines Returns the expressions; called only if there is text.
 */
export function withoutQuietLines(
  text: string,
  quietLines: () => readonly RegExp[],
): string {
  if (text === "") return text;
  const expressions = [INSPECTOR, ...quietLines()];
  return text
    .split(/(?<=\n)/)
    .filter((line) => !expressions.some((each) => each.test(line)))
    .join("");
}
