/**
 * The process of a compiler that is loaded as programs usually are. `snapshot/entry.ts` is the
 * other door, which opens five times as fast.
 */
import { serveCompiler } from "./compiler-service";
import { createCompiler } from "./create-compiler";

serveCompiler(createCompiler);
