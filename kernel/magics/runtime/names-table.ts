/**
 * Lists the names of cells for `%who`, with the descriptions that the debugger's list of variables
 * has, too.
 */
import type { MimeBundle } from "@convnotes/notebook/mime";
import { table } from "@convnotes/notebook/table";
import { jupyterDisplay } from "@convnotes/notebook/mime";
import type { ValueDisplay } from "@convnotes/notebook/value-display";
import { CellNames } from "../../debugger/target/cell-names";
import { shortened, valueText } from "../../debugger/target/value-text";

/** Maximum length of a value's text in the table, in UTF-16 code units. */
const MOST_TEXT = 80;

/**
 * Returns a table of the names, in the order of their first declaration; a sentence if there are
 * none.
 *
 * @param variables The variables of all cells, by slot.
 * @param displays The displays that describe values of libraries.
 * @param type The beginning of the types that are listed; empty for all. Case does not matter.
 */
export function namesTable(
  variables: Record<string, unknown>,
  displays: readonly ValueDisplay[],
  type: string,
): MimeBundle | string {
  const names = new CellNames(variables);
  const all = names.all();
  if (all.length === 0) return "No cell has declared a name.";
  const rows = all
    .map((name) => {
      const value = names.valueIn(names.slotOf(name) ?? name);
      const described = valueText(value, displays);
      return [name, described.type, shortened(described.text, MOST_TEXT)];
    })
    .filter((row) => row[1]!.toLowerCase().startsWith(type.toLowerCase()));
  if (rows.length === 0) return `No name has a value of type ${type}.`;
  return table(["name", "type", "value"], rows)[jupyterDisplay]();
}
