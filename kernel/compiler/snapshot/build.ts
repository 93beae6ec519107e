/**
 * Builds the start-up snapshot of the compiler: `node build.js [FOLDER] [MODULE …]`.
 *
 * Node builds a snapshot from a single file, so that esbuild first bundles the compiler and
 * TypeScript.
 */
import { coded } from "@convnotes/notebook/coded-error";
import { newDraft } from "@convnotes/notebook/draft";
import { spawnSync } from "node:child_process";
import { mkdirSync, renameSync, rmSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { buildSync } from "esbuild";
import { compilerSettings } from "../settings";
import { type SnapshotContents, snapshotPath } from "./snapshot-file";

/**
 * Builds the snapshot. Throws an Error if that fails, and keeps the previous snapshot.
 *
 * @param notebookFolder The folder from which the modules are resolved.
 * @param modules Packages whose declarations are read in advance.
 */
export function buildSnapshot(
  notebookFolder: string,
  modules: readonly string[],
): void {
  const path = snapshotPath();
  mkdirSync(dirname(path), { recursive: true });
  // In the same folder, so that renaming does not copy the file.
  const folder = newDraft(path);
  try {
    mkdirSync(folder);
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
          // Node warns about modules that it has not tested in snapshots; the kernel's tests cover
          // them.
          NODE_NO_WARNINGS: "1",
          CONVNOTES_SNAPSHOT: JSON.stringify(contents),
        },
      },
    );
    if (status !== 0) {
      throw coded(
        "ERR_PROCESS",
        new Error(
          `Expected Node to write a snapshot, received exit code ${status}: ${stderr}`,
        ),
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
