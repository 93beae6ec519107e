/**
 * The second compiler of cells by itself, held to what is asked of the first.
 */
import { describe } from "node:test";
import { testCompiler } from "../kernel/compiler-behaviour";

describe("compiler tslab", () => testCompiler("tslab"));
