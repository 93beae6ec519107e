/**
 * Shows what is known about a name under the pointer: its type and its documentation.
 */
import { type Hover, MarkupKind } from "vscode-languageserver/node";
import { inspect } from "../compiler/checker/inspection";
import { stringAt } from "../compiler/checker/string-place";
import { type CellPosition, nameAt } from "./locations";

/** Returns the information as Markdown, or null if there is no name or nothing is known. */
export function hover({ notebook, cell, offset }: CellPosition): Hover | null {
  const { file } = cell;
  // Between names, the kernel's inspection describes the function that is called.
  const node = nameAt(file, offset) ?? stringAt(file, offset)?.literal;
  if (node === undefined) return null;
  const found = notebook.query(() => inspect(notebook.program, file, offset));
  if (!found) return null;
  const value = [markdownOf(found.signature), found.documentation]
    .filter((part) => part !== "")
    .join("\n\n");
  return {
    contents: { kind: MarkupKind.Markdown, value },
    range: cell.rangeOf(node.getStart(file), node.getWidth(file)),
  };
}

/** Returns a signature as a block of code. */
function markdownOf(signature: string): string {
  return `\`\`\`typescript\n${signature}\n\`\`\``;
}
