/**
 * Tests the second cell compiler with the tests of the first, and compiles the whole list of cells
 * with both.
 */
import { describe } from "node:test";
import { testCompiler } from "../kernel/compiler-behavior";

describe("compiler tslab", () => testCompiler("tslab"));

process.env["CONVNOTES_EVERY_CELL"] = "1";
// eslint-disable-next-line @typescript-eslint/no-require-imports -- an import would run before the variable is set
require("../kernel/cells.test");
