/**
 * Writes a project into a temporary folder.
 */
import {
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, relative } from "node:path";
import { projectFolder } from "../kernel-client";
import type { Project } from "./project";

/** Every project has Node's types, as most projects do. */
const nodeTypes = join("node_modules", "@types", "node");

/** A folder with a project's files. */
export class Folder {
  readonly path: string;
  /** The notebook's folder. */
  readonly notebooks: string;

  constructor({ files, links = {}, folder = "." }: Project) {
    this.path = realpathSync(mkdtempSync(join(tmpdir(), "convnotes-project-")));
    this.notebooks = join(this.path, folder);
    mkdirSync(this.notebooks, { recursive: true });
    for (const [name, content] of Object.entries(files)) {
      this.write(
        name,
        typeof content === "string" ? content : JSON.stringify(content),
      );
    }
    for (const [name, target] of Object.entries(links)) {
      this.#link(name, join(this.path, target));
    }
    this.#link(nodeTypes, join(projectFolder, nodeTypes));
  }

  /** Writes a file and returns its path. */
  write(name: string, text: string): string {
    const path = join(this.path, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
    return path;
  }

  /** Copies a file. */
  copy(from: string, to: string): void {
    this.write(to, readFileSync(join(this.path, from), "utf8"));
  }

  /** Deletes the folder and its contents. */
  remove(): void {
    rmSync(this.path, { recursive: true, force: true });
  }

  #link(name: string, target: string): void {
    const path = join(this.path, name);
    mkdirSync(dirname(path), { recursive: true });
    symlinkSync(relative(dirname(path), target), path);
  }
}
