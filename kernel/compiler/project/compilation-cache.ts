/**
 * Caches compiled files on disk, across kernels.
 */
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import { join } from "node:path";
import { writeAtomically } from "./atomic-write";

/**
 * Returns the cache folder of a project: in its node_modules, or in the user's cache folder if it
 * has none.
 */
export function cacheFolder(projectFolder: string): string {
  const modules = join(projectFolder, "node_modules");
  return existsSync(modules)
    ? join(modules, ".cache", "convnotes-kernel")
    : join(userCaches(), "convnotes-kernel");
}

function userCaches(): string {
  const { XDG_CACHE_HOME, LOCALAPPDATA } = process.env;
  if (process.platform === "win32" && LOCALAPPDATA) return LOCALAPPDATA;
  if (process.platform === "darwin") return join(homedir(), "Library/Caches");
  return XDG_CACHE_HOME ? XDG_CACHE_HOME : join(homedir(), ".cache");
}

/** Texts on disk, by name. */
export class CompilationCache {
  #folder: string;
  #isTemporary = false;

  /**
   * @param folder The folder of the cache. If it is not writable, a temporary folder of this
   *   process is used.
   */
  constructor(folder: string) {
    this.#folder = folder;
  }

  /** Returns the path of a text, whether or not it exists. */
  path(name: string): string {
    return join(this.#folder, name);
  }

  /** Returns a cached value; undefined if it does not exist or is unreadable. */
  read<Value>(name: string): Value | undefined {
    try {
      return JSON.parse(readFileSync(this.path(name), "utf8")) as Value;
    } catch {
      return undefined;
    }
  }

  /** Stores a value. */
  write(name: string, value: unknown): void {
    this.writeText(name, JSON.stringify(value));
  }

  /** Stores a text and returns its path. */
  writeText(name: string, text: string): string {
    const path = this.path(name);
    try {
      writeAtomically(path, text);
      return path;
    } catch (error) {
      if (this.#isTemporary) throw error;
      this.#isTemporary = true;
      this.#folder = temporaryFolder();
      return this.writeText(name, text);
    }
  }
}

/** Creates a folder that is deleted when the process exits. */
function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "convnotes-kernel-"));
  process.once("exit", () => rmSync(folder, { recursive: true, force: true }));
  return folder;
}
