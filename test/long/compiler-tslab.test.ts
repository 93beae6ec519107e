/**
 * The second compiler of cells by itself, held to what is asked of the first, and the whole list of cells through both.
 */
import { describe } from "node:test";
import { testCompiler } from "../kernel/compiler-behaviour";

describe("compiler tslab", () => testCompiler("tslab"));

process.env["CONVNOTES_EVERY_CELL"] = "1";
// eslint-disable-next-line @typescript-eslint/no-require-imports -- an import would be done before the variable is set
require("../kernel/cells.test");
