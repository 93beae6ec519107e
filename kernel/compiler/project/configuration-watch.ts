/**
 * Detects changes of a project's configuration since it was read.
 */
import { changeOf } from "../../file-change";
import { configurationFile } from "../folders";
import type { Configuration } from "./configuration";

/** Compares the modification times of a configuration's files. */
export class ConfigurationWatch {
  readonly #notebookFolder: string;
  readonly #root: string | undefined;
  readonly #files: ReadonlyMap<string, number>;
  readonly #folders: ReadonlyMap<string, number>;

  /**
   * @param notebookFolder The folder for which the configuration was read.
   * @param configuration The configuration, which must have just been read.
   */
  constructor(
    notebookFolder: string,
    { files, declarations, folders }: Configuration,
  ) {
    this.#notebookFolder = notebookFolder;
    this.#root = files[0];
    this.#files = changesOf([...files, ...declarations]);
    this.#folders = changesOf(folders);
  }

  /**
   * Whether the configuration's files or the project's declaration files have changed. This is
   * checked before each cell.
   */
  get haveFilesChanged(): boolean {
    return haveChanged(this.#files);
  }

  /**
   * Whether another configuration applies now, or files were added to or removed from the folders
   * that it names.
   */
  get haveFoldersChanged(): boolean {
    return (
      configurationFile(this.#notebookFolder) !== this.#root ||
      haveChanged(this.#folders)
    );
  }
}

function changesOf(paths: readonly string[]): Map<string, number> {
  return new Map(paths.map((path) => [path, changeOf(path)]));
}

function haveChanged(changes: ReadonlyMap<string, number>): boolean {
  for (const [path, changed] of changes) {
    if (changeOf(path) !== changed) return true;
  }
  return false;
}
