/**
 * The doctor's look at the folder that notebooks are in: whether the kernel can keep there what it has compiled.
 */
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { projectFolder } from "../compiler/folders";
import { cacheFolder } from "../compiler/project/compilation-cache";
import { type Finding, unwell, well } from "./finding";

/**
 * The cache of compiled .ts files (`compiler/project/compilation-cache.ts`) of the project that a folder belongs to.
 *
 * @param notebookFolder The folder with the notebooks.
 */
export function checkCompileCache(notebookFolder: string): Finding {
  const name = "Compile cache";
  const folder = cacheFolder(projectFolder(notebookFolder));
  try {
    mkdirSync(folder, { recursive: true });
    rmSync(mkdtempSync(join(folder, "doctor-")), { recursive: true });
    return well(name, folder);
  } catch (error) {
    return unwell(
      name,
      `Expected to be able to write in ${folder}: ${(error as Error).message}. Each kernel compiles imported .ts files again.`,
      `rm -rf ${folder}; if that is not permitted: sudo chown -R "$USER" ${dirname(folder)}`,
    );
  }
}
