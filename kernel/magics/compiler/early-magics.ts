/**
 * Lists the magics of a cell that run before it is checked: its imports need what `%install`
 * installs, and its check must not see what `%reset` forgets.
 */
import type * as typescript from "typescript";
import type { EarlyMagic } from "../../compiler/compiler";
import { findMagic } from "../catalog";
import { type MagicCell, syntaxErrors } from "./magic-lines";
import { plainArgument, writeMagics } from "./magic-writer";

/**
 * Returns the magics that run before the cell, in its order.
 *
 * A cell with a syntax error or a wrong magic has none, because it will not run.
 *
 * @param ts TypeScript.
 * @param cell The cell.
 */
export function earlyMagics(
  ts: typeof typescript,
  cell: MagicCell,
): readonly EarlyMagic[] {
  const early = cell.lines.filter(
    ({ name }) => findMagic(name)?.kind === "early",
  );
  if (
    early.length === 0 ||
    syntaxErrors(cell.file).length > 0 ||
    writeMagics(ts, cell).errors
  ) {
    return [];
  }
  return early.map((line) => ({
    name: line.name,
    argument: plainArgument(line),
  }));
}
