/**
 * Changes the working folder of the cells' process for `%cd`.
 */
import { coded } from "@convnotes/notebook/coded-error";
import { homedir } from "node:os";
import { resolve } from "node:path";

/** Why a folder cannot be entered, by Node's error codes. */
const REASONS: Readonly<Record<string, string>> = {
  ENOENT: "a folder that does not exist",
  ENOTDIR: "a file",
  EACCES: "a folder that may not be entered",
};

/** The working folder, with the one before it. */
export class WorkingFolder {
  #previous: string | undefined;

  /**
   * Changes the folder. Returns the new one.
   *
   * @param argument A path, perhaps in quotation marks or with `~` for the home folder; `-` for the
   *   previous folder; empty for the home folder.
   * @throws {Error} ERR_FILE_MISSING if it is not a folder that can be entered, ERR_INVALID_STATE
   *   for `-` before any change.
   */
  change(argument: string): string {
    const before = process.cwd();
    const wanted = this.#wanted(argument.replace(/^(["'])(.*)\1$/, "$2"));
    try {
      process.chdir(wanted);
    } catch (error) {
      const { code = "", message } = error as NodeJS.ErrnoException;
      throw coded(
        "ERR_FILE_MISSING",
        new Error(
          `Expected a folder to change to, received ${REASONS[code] ?? message}: ${wanted}`,
        ),
      );
    }
    this.#previous = before;
    return process.cwd();
  }

  #wanted(path: string): string {
    if (path === "") return homedir();
    if (path === "-") {
      if (this.#previous !== undefined) return this.#previous;
      throw coded(
        "ERR_INVALID_STATE",
        new Error(
          "Expected an earlier %cd to return from, but the folder was not changed yet.",
        ),
      );
    }
    return resolve(path.replace(/^~(?=$|[\\/])/, () => homedir()));
  }
}
