/**
 * Checks whether the kernel can write its compile cache in the notebooks' folder.
 */
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { projectFolder } from "../compiler/folders";
import { cacheFolder } from "../compiler/project/compilation-cache";
import { type Finding, ok, problem } from "./finding";

/**
 * Checks the cache of compiled .ts files (`compiler/project/compilation-cache.ts`) of a folder's
 * project.
 *
 * @param notebookFolder The folder that contains the notebooks.
 */
export function checkCompileCache(notebookFolder: string): Finding {
  const name = "Compile cache";
  const folder = cacheFolder(projectFolder(notebookFolder));
  try {
    mkdirSync(folder, { recursive: true });
    rmSync(mkdtempSync(join(folder, "doctor-")), { recursive: true });
    return ok(name, folder);
  } catch (error) {
    return problem(
      name,
      `Expected a writable folder ${folder}: ${(error as Error).message}. Each kernel compiles imported .ts files again.`,
      `rm -rf ${folder}; if that is not permitted: sudo chown -R "$USER" ${dirname(folder)}`,
    );
  }
}
