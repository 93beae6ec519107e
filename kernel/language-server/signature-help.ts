/**
 * Shows the parameters of the function whose call surrounds the cursor.
 */
import type ts from "typescript";
import {
  MarkupKind,
  type SignatureHelp,
  type SignatureInformation,
} from "vscode-languageserver/node";
import { readDocComments } from "../compiler/checker/doc-comments";
import { calledName } from "../compiler/checker/inspection";
import { internalServices } from "../compiler/checker/internal-services";
import { documentation } from "../compiler/quick-info";
import type { CellPosition } from "./locations";
import { neverCanceled, servicesOf } from "./program-services";

/** Returns the signatures, or null if the cursor is not in a call. */
export function signatureHelp({
  notebook,
  cell,
  offset,
}: CellPosition): SignatureHelp | null {
  const { checker } = notebook.program;
  const found = notebook.query(() => {
    const called = calledName(cell.file, offset);
    const symbol = called && checker.getSymbolAtLocation(called);
    if (symbol) readDocComments(symbol, checker);
    return internalServices().SignatureHelp.getSignatureHelpItems(
      servicesOf(notebook),
      cell.file,
      offset,
      undefined,
      neverCanceled,
    );
  });
  if (!found) return null;
  return {
    signatures: found.items.map(toSignature),
    activeSignature: found.selectedItemIndex,
    activeParameter: found.argumentIndex,
  };
}

function toSignature(item: ts.SignatureHelpItem): SignatureInformation {
  const parameters = item.parameters.map(
    ({ displayParts, documentation: parts }) => ({
      label: textOf(displayParts),
      ...documented(textOf(parts)),
    }),
  );
  const labels = parameters.map(({ label }) => label);
  const separator = textOf(item.separatorDisplayParts);
  return {
    label: `${textOf(item.prefixDisplayParts)}${labels.join(separator)}${textOf(item.suffixDisplayParts)}`,
    ...documented(documentation(item)),
    parameters,
  };
}

function documented(text: string) {
  return text === ""
    ? {}
    : { documentation: { kind: MarkupKind.Markdown, value: text } };
}

function textOf(parts: readonly ts.SymbolDisplayPart[]): string {
  return parts.map(({ text }) => text).join("");
}
