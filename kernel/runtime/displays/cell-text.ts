/**
 * Formats a value of any kind for a table cell.
 */
import { types } from "node:util";
import { numberText, singleLine } from "@convnotes/notebook/scalar-text";
import { plainText } from "./plain-text";

/** Formats a value of any kind for a table cell. */
export function cellText(value: unknown): string {
  if (typeof value === "number") return numberText(value);
  if (typeof value === "string") return singleLine(value);
  if (types.isDate(value) && Number.isFinite(value.getTime())) {
    return value.toISOString();
  }
  return singleLine(plainText(value));
}
