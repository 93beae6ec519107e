/**
 * The folder in which compiled files are kept from one kernel to the next.
 */
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import { join } from "node:path";
import { writeWhole } from "./whole-file";

/** Where what is compiled for a project is kept: with its packages, or, where it has none, with the user's other caches. */
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

/** Texts by name, on disk. */
export class CompilationCache {
  #folder: string;
  #isSpare = false;

  /** @param folder Where they lie; if it cannot be written to, in a folder that goes with this process. */
  constructor(folder: string) {
    this.#folder = folder;
  }

  /** The path of a text, whether it is there or not. */
  path(name: string): string {
    return join(this.#folder, name);
  }

  /** A value that was kept; undefined if there is none, or what is there cannot be read. */
  read<Value>(name: string): Value | undefined {
    try {
      return JSON.parse(readFileSync(this.path(name), "utf8")) as Value;
    } catch {
      return undefined;
    }
  }

  /** Keeps a value. */
  write(name: string, value: unknown): void {
    this.writeText(name, JSON.stringify(value));
  }

  /** Keeps a text, and gives its path. */
  writeText(name: string, text: string): string {
    const path = this.path(name);
    try {
      writeWhole(path, text);
      return path;
    } catch (error) {
      if (this.#isSpare) throw error;
      this.#isSpare = true;
      this.#folder = spareFolder();
      return this.writeText(name, text);
    }
  }
}

/** A folder that is gone when the process has ended. */
function spareFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "convnotes-kernel-"));
  process.once("exit", () => rmSync(folder, { recursive: true, force: true }));
  return folder;
}
