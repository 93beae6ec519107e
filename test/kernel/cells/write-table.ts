/**
 * Writes docs/compiler-differences.md from the list of cells.
 */
import { writeFileSync } from "node:fs";
import { differencesPage, tablePath } from "./table";

writeFileSync(tablePath, differencesPage());
