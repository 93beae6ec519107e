/**
 * `node -r @convnotes/kernel/dist/typescript-register.js script.ts`: a program in TypeScript by itself, with the same compiler of files
 * as in cells.
 */
import { PathMapping } from "./runtime/path-mapping";
import { SourceMaps } from "./runtime/source-maps";
import { requireTypeScript } from "./runtime/typescript-files";

const maps = new SourceMaps();
maps.install();
const paths = new PathMapping();
paths.install();
requireTypeScript(process.cwd(), paths, (path, map) => maps.addFile(path, map));
