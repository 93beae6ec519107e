/**
 * `node -r @convnotes/kernel/dist/typescript-register.js script.ts`: a program in TypeScript by itself, with the same compiler of files
 * as in cells.
 */
import { projectFolder } from "./compiler/folders";
import { SourceMaps } from "./runtime/source-maps";
import { requireTypeScript } from "./runtime/typescript-files";

const maps = new SourceMaps();
maps.install();
requireTypeScript(projectFolder(process.cwd()), (path, map) =>
  maps.addFile(path, map),
);
