/**
 * Tests the slides of all lessons and labs as a class sees them, every slide.
 */
import { readdirSync } from "node:fs";
import path from "node:path";
import { testSlides } from "../handouts/slides-of";
import { root } from "../lessons/notebook-file";

const notebooks = (...folder: string[]) =>
  readdirSync(path.join(root, "notebooks", ...folder))
    .filter((name) => name.endsWith(".ipynb"))
    .map((name) => path.posix.join(...folder, path.basename(name, ".ipynb")));

testSlides([...notebooks(), ...notebooks("labs")], "all slides");
