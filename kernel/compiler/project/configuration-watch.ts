/**
 * Whether a project's configuration may be another since it was read.
 */
import { changeOf } from "../../file-change";
import { configurationFile } from "../folders";
import type { Configuration } from "./configuration";

/** Looks at the times at which a configuration's files were changed. */
export class ConfigurationWatch {
  readonly #notebookFolder: string;
  readonly #root: string | undefined;
  readonly #files: ReadonlyMap<string, number>;
  readonly #folders: ReadonlyMap<string, number>;

  /**
   * @param notebookFolder The folder for which the configuration was read.
   * @param configuration What was read just now.
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

  /** Whether the configuration's files, or the project's declaration files that it names, have changed. Asked before each cell. */
  get haveFilesChanged(): boolean {
    return haveChanged(this.#files);
  }

  /** Whether there is another configuration now, or files were added to or taken out of the folders that it names. */
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
