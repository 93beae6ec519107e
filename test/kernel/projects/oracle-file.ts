/**
 * Reads and writes the file with the results of tsc and Node for each project.
 */
import { join } from "node:path";
import type { Result } from "./project";

/** The path of the file. */
export const oraclePath = join(__dirname, "oracle.json");

/** The contents of the file: results by project name, in the order of the list. */
export type OracleFile = Readonly<Record<string, Result>>;

/** Returns the text of the file. */
export function oracleText(results: OracleFile): string {
  const sorted = Object.entries(results).sort(([a], [b]) => (a < b ? -1 : 1));
  return `${JSON.stringify(Object.fromEntries(sorted), null, 2)}\n`;
}
