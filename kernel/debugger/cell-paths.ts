/**
 * Gives each cell's code a path, which clients compute in the same way from the code (as with
 * ipykernel). No file is written.
 */
import { tmpdir } from "node:os";
import { join, sep } from "node:path";
import { murmur2 } from "./murmur2";

/** The seed of the hash. */
export const HASH_SEED = 0xc70f6907;

/** The end of the paths of cells. */
export const PATH_SUFFIX = ".ts";

/** The paths of the cells of one kernel, and their code. */
export class CellPaths {
  /** The beginning of the paths. */
  readonly prefix = join(tmpdir(), `convnotes_${process.pid}`) + sep;
  readonly #sources = new Map<string, string>();

  /** Returns the path of a cell's code and remembers the code. */
  add(source: string): string {
    const path = `${this.prefix}${murmur2(source, HASH_SEED)}${PATH_SUFFIX}`;
    this.#sources.set(path, source);
    return path;
  }

  /** Returns the code of a path; undefined for an unknown one. */
  source(path: string): string | undefined {
    return this.#sources.get(path);
  }
}
