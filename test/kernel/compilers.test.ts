/**
 * Tests the compilers separately. The tslab compiler takes forty times as long: `npm run test:long
 * -- long/compiler-tslab`.
 */
import { describe } from "node:test";
import { testCompiler } from "./compiler-behavior";

describe("compiler checked", () => testCompiler("checked"));
