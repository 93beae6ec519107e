/**
 * A folder inside the project for one test, such as a student's own notebook folder, and its end.
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { projectFolder } from "./kernel-client";

/** A folder below `out/`, which no other tool looks into. */
export class ProjectFolder {
  readonly path: string;

  /** @param files What lies in it: name to text. */
  constructor(files: Readonly<Record<string, string>> = {}) {
    const parent = join(projectFolder, "out");
    mkdirSync(parent, { recursive: true });
    this.path = mkdtempSync(join(parent, "kernel-test-"));
    for (const [name, text] of Object.entries(files)) this.write(name, text);
    process.once("exit", () => this.remove());
  }

  /** Writes a file, over an older one if there is one. */
  write(name: string, text: string): void {
    writeFileSync(join(this.path, name), text);
  }

  /** Takes the folder and all that is in it away. */
  remove(): void {
    rmSync(this.path, { recursive: true, force: true });
  }
}
