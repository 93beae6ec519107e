/**
 * Paths as messages show them.
 */
import path from "node:path";
import { root } from "./program";

/** Returns a path relative to the project's root if it is inside, else absolute. */
export function shownPath(place: string): string {
  const relative = path.relative(root, place);
  return relative === "" ||
    relative.startsWith("..") ||
    path.isAbsolute(relative)
    ? place
    : relative;
}
