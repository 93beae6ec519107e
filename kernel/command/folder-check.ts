/**
 * The doctor's look at the folder that notebooks are in: whether the kernel can keep there what it has compiled.
 */
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { join } from "node:path";
import { projectFolder } from "../compiler/folders";
import { cacheFolder } from "../runtime/typescript-files";
import { type Finding, unwell, well } from "./finding";

/**
 * The cache of compiled .ts files (`runtime/typescript-files.ts`) of the project that a folder belongs to.
 *
 * @param notebookFolder The folder with the notebooks.
 */
export function checkCompileCache(notebookFolder: string): Finding {
  const name = "Compile cache";
  const project = projectFolder(notebookFolder);
  const modules = join(project, "node_modules");
  const folder = cacheFolder(project);
  if (folder === undefined) {
    return well(
      name,
      `none for ${notebookFolder}, as there is no ${modules}: each kernel compiles imported .ts files anew`,
    );
  }
  try {
    mkdirSync(folder, { recursive: true });
    rmSync(mkdtempSync(join(folder, "doctor-")), { recursive: true });
    return well(name, folder);
  } catch (error) {
    return unwell(
      name,
      `Expected to be able to write in ${folder}: ${(error as Error).message}. Each kernel compiles imported .ts files anew.`,
      `rm -rf ${join(modules, ".cache")}; if that is not permitted: sudo chown -R "$USER" ${modules}`,
    );
  }
}
