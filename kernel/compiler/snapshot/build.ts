/**
 * `node build.js [FOLDER] [MODULE …]` makes the snapshot of the compiler.
 *
 * Node takes a single file for a snapshot, so esbuild first makes one of the compiler and TypeScript.
 */
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, renameSync, rmSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { buildSync } from "esbuild";
import { compilerSettings } from "../settings";
import { type SnapshotContents, snapshotPath } from "./snapshot-file";

/**
 * Makes the snapshot, or throws and leaves what was there.
 *
 * @param notebookFolder The folder from which the modules are looked up.
 * @param modules Packages whose declarations are read beforehand.
 */
export function buildSnapshot(
  notebookFolder: string,
  modules: readonly string[],
): void {
  const path = snapshotPath();
  mkdirSync(dirname(path), { recursive: true });
  // Beside its place, so that renaming moves no bytes.
  const folder = mkdtempSync(join(dirname(path), "draft-"));
  try {
    const bundle = join(folder, "compiler.js");
    buildSync({
      entryPoints: [join(__dirname, "entry.js")],
      bundle: true,
      minify: true,
      platform: "node",
      format: "iife",
      outfile: bundle,
      logLevel: "error",
    });
    const contents: SnapshotContents = {
      settings: compilerSettings("checked", notebookFolder),
      modules,
    };
    const draft = join(folder, "compiler.blob");
    const { status, stderr } = spawnSync(
      process.execPath,
      ["--snapshot-blob", draft, "--build-snapshot", bundle],
      {
        encoding: "utf8",
        env: {
          ...process.env,
          NODE_OPTIONS: "",
          // Node warns of modules that it has not tried in snapshots; the kernel's tests have.
          NODE_NO_WARNINGS: "1",
          CONVNOTES_SNAPSHOT: JSON.stringify(contents),
        },
      },
    );
    if (status !== 0) {
      throw new Error(
        `Expected Node to write a snapshot, it ended with ${status}: ${stderr}`,
      );
    }
    renameSync(draft, path);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

if (require.main === module) {
  const [folder = ".", ...modules] = process.argv.slice(2);
  buildSnapshot(resolve(folder), modules);
}
