/**
 * Lets Node run TypeScript programs with the compiler that cells use for files:
 * `node -r @convnotes/kernel/dist/typescript-register.js script.ts`.
 */
import { createRequire } from "node:module";
import { join } from "node:path";
import { installFileScopes } from "./runtime/file-scope";
import { ModuleLoader } from "./runtime/loader";
import { ProjectFiles } from "./runtime/project-files";
import { quietWarnings } from "./runtime/quiet-warnings";
import { SourceMaps } from "./runtime/source-maps";

quietWarnings();
const folder = process.cwd();
const maps = new SourceMaps();
maps.install();
const files = new ProjectFiles(folder, (path, map) => maps.addFile(path, map));
files.install();
const load = createRequire(join(folder, "script.js"));
installFileScopes(new ModuleLoader(load, files, folder));
