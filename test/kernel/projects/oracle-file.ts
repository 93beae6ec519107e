/**
 * The file with what tsc and Node make of each project.
 */
import { join } from "node:path";
import type { Result } from "./project";

/** Where it lies. */
export const oraclePath = join(__dirname, "oracle.json");

/** What it holds: by the projects' names, in their order. */
export type OracleFile = Readonly<Record<string, Result>>;

/** Its text. */
export function oracleText(results: OracleFile): string {
  const sorted = Object.entries(results).sort(([a], [b]) => (a < b ? -1 : 1));
  return `${JSON.stringify(Object.fromEntries(sorted), null, 2)}\n`;
}
