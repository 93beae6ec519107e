/**
 * Entry point of a compiler process that loads its modules from disk.
 *
 * `snapshot/entry.ts` is the entry point for the start-up snapshot, which starts five times as
 * fast.
 */
import { serveCompiler } from "./compiler-service";
import { createCompiler } from "./create-compiler";

serveCompiler(createCompiler);
