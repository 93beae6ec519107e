/**
 * The compiler of cells by itself. The second one, tslab's, takes forty times as long: `npm run test:long -- long/compiler-tslab`.
 */
import { describe } from "node:test";
import { testCompiler } from "./compiler-behaviour";

describe("compiler checked", () => testCompiler("checked"));
