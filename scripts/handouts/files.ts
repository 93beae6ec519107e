/**
 * Lists the files of a folder.
 */
import { readdirSync, statSync } from "node:fs";
import path from "node:path";

/**
 * Returns the paths of all files in a folder and below, relative to it, with "/", sorted by their
 * characters' codes. Hidden files are left out; links are followed.
 */
export function filesIn(folder: string): string[] {
  const list = (below: string): string[] =>
    readdirSync(path.join(folder, below)).flatMap((name) => {
      if (name.startsWith(".")) return [];
      const place = below === "" ? name : `${below}/${name}`;
      return statSync(path.join(folder, place)).isDirectory()
        ? list(place)
        : [place];
    });
  return list("").sort((one, other) =>
    one < other ? -1 : one > other ? 1 : 0,
  );
}
