/**
 * Finds where a name is declared.
 */
import type { Location } from "vscode-languageserver/node";
import { internalServices } from "../compiler/checker/internal-services";
import { type CellPosition, locationOf } from "./locations";
import { servicesOf } from "./program-services";

/** Returns the declarations of the name at a position: in cells, files or packages. */
export function definition({
  notebook,
  cell,
  offset,
}: CellPosition): Location[] {
  const { GoToDefinition } = internalServices();
  const services = servicesOf(notebook);
  const found = notebook.query(() =>
    GoToDefinition.getDefinitionAtPosition(services, cell.file, offset),
  );
  return (found ?? []).flatMap(
    ({ fileName, textSpan }) => locationOf(notebook, fileName, textSpan) ?? [],
  );
}
