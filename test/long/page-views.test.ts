/**
 * Tests the pages of all lessons and labs as their readers see them.
 */
import { readdirSync } from "node:fs";
import path from "node:path";
import { root } from "../lessons/notebook-file";
import { testPages } from "../notebooks/page-views-of";

const notebooks = (...folder: string[]) =>
  readdirSync(path.join(root, "notebooks", ...folder))
    .filter((name) => name.endsWith(".ipynb"))
    .map((name) => path.posix.join(...folder, path.basename(name, ".ipynb")));

testPages([...notebooks(), ...notebooks("labs")]);
