/**
 * Creates a temporary folder inside the project for one test, like a student's own notebook folder.
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { projectFolder } from "./kernel-client";

/** A folder in `out/`, which other tools ignore. */
export class ProjectFolder {
  readonly path: string;

  /**
   * @param files The contents of the folder: file names with their texts. Without a tsconfig.json,
   *   cells are checked as those of the lessons.
   */
  constructor(files: Readonly<Record<string, string>> = {}) {
    const parent = join(projectFolder, "out");
    mkdirSync(parent, { recursive: true });
    this.path = mkdtempSync(join(parent, "kernel-test-"));
    const all = {
      "tsconfig.json": '{ "extends": "../../notebooks/tsconfig.json" }',
      ...files,
    };
    for (const [name, text] of Object.entries(all)) this.write(name, text);
    process.once("exit", () => this.remove());
  }

  /** Writes a file, replacing an existing one. */
  write(name: string, text: string): void {
    writeFileSync(join(this.path, name), text);
  }

  /** Deletes the folder and its contents. */
  remove(): void {
    rmSync(this.path, { recursive: true, force: true });
  }
}
