/** Cells with scopes and destructuring. */
import {
  notebook,
  nothing,
  throws,
  type Topic,
  tslab,
  wrong,
} from "./notebook";
import { FOLLOWS, NESTED_VAR } from "./reasons";

export const scopes: Topic = {
  title: "Scopes",
  notebooks: [
    notebook(
      "var in a block, a loop and a branch",
      ["for (var i = 0, sum = 0; i < 4; i++) { sum += i }", nothing],
      ["for (var k of [1, 2]) if (k) { var last = k as number }", nothing],
      [
        "i + sum + k! + last!",
        "14",
        tslab(
          wrong("2304 1:1", "2304 1:5", "2304 1:11", "2304 1:16"),
          NESTED_VAR,
        ),
      ],
    ),
    notebook(
      "var in a loop over a pattern",
      ["for (var [p, q] of [[1, 2], [3, 4]]) {}", nothing],
      ["p! + q!", "7", tslab(wrong("2304 1:1", "2304 1:6"), NESTED_VAR)],
    ),
    notebook(
      "var in for-in, try and switch",
      [
        "for (var key in { a: 1, b: 2 }) {} try { var inTry = 1; } catch {} switch (1) { case 1: var inCase = 2; }",
        nothing,
      ],
      [
        "[key!, inTry!, inCase!]",
        "[ 'b', 1, 2 ]",
        tslab(wrong("2304 1:2", "2304 1:8", "2304 1:16"), NESTED_VAR),
      ],
    ),
    notebook(
      "var before its declaration",
      [
        "const early = () => typeof hoisted; const before = early(); var hoisted = 1;",
        nothing,
      ],
      ["before", "'undefined'"],
    ),
    notebook(
      "let and const in blocks are local",
      [
        "const i = 'outer'; for (let i = 0; i < 2; i++) {} { const i = 3; void i; }",
        nothing,
      ],
      ["i", "'outer'"],
      ["{ let onlyHere = 1; } onlyHere", wrong("2304 1:23")],
    ),
    notebook(
      "let and const before their declaration",
      [
        "early; let early = 1;",
        wrong("2448 1:1", "2454 1:1"),
        tslab(
          wrong("2448 1:1"),
          "tslab is built on TypeScript 5.0, which did not also report the use before assignment.",
        ),
      ],
      ["new Early(); class Early {}", wrong("2449 1:5")],
    ),
    notebook(
      "functions in blocks",
      ["{ function inner() { return 1; } inner(); }", nothing],
      ["inner()", wrong("2304 1:1")],
    ),
    notebook(
      "globals hidden by variables",
      ["const name = 'mine', Map = 3;", nothing],
      ["name + Map", "'mine3'"],
      ["const console = { log: (s: string) => s.length };", nothing],
      ["console.log('abc')", "3"],
      ["globalThis.console === (console as unknown)", "false"],
    ),
    notebook(
      "undefined, NaN and Infinity hidden",
      ["const Infinity = 2; Infinity", "2"],
      ["const NaN = 1; NaN", "1"],
    ),
    notebook(
      "globalThis",
      ["(globalThis as any).fromCell = 1;", "1"],
      ["(globalThis as any).fromCell", "1"],
      ["fromCell", wrong("2304 1:1")],
      ["delete (globalThis as any).fromCell", "true"],
    ),
    notebook(
      "Node's globals",
      ["Buffer.from('a').length + process.pid * 0", "1"],
      ["typeof structuredClone", "'function'"],
      ["new URL('http://a/b').pathname", "'/b'"],
      ["window", wrong("2304 1:1")],
      ["typeof require", "'function'"],
    ),
    notebook(
      "names like the wrapper's",
      [
        "const exports = 1, module = 2, require = 3;",
        nothing,
        tslab(
          throws("SyntaxError"),
          "tslab compiles a cell to a CommonJS module, in which `exports` and `require` are reserved.",
        ),
      ],
      ["exports + module + require", "6", tslab("NaN", FOLLOWS)],
    ),
    notebook(
      "labels named like variables",
      ["let a = 0;", nothing],
      ["a: for (;;) { a++; break a } a", "1"],
      ["break nowhere", wrong("1116 1:1")],
    ),
    notebook(
      "continue with a label",
      [
        "const out: string[] = []; rows: for (const r of [1, 2]) { for (const c of [1, 2, 3]) { if (c === 2) continue rows; out.push(`${r}${c}`); } }",
        nothing,
      ],
      ["out", "[ '11', '21' ]"],
    ),
    notebook(
      "catch and its variable",
      [
        "const e = 'outer'; try { throw new Error('inner'); } catch (e) { e = (e as Error).message; }",
        nothing,
      ],
      ["e", "'outer'"],
    ),
    notebook(
      "eval",
      ["eval('1 + 1')", "2"],
      ["(0, eval)('typeof globalThis')", "'object'"],
    ),
    notebook("with", ["with (Math) { }", wrong("1101 1:1", "2410 1:1")]),
  ],
};

export const destructuring: Topic = {
  title: "Destructuring",
  notebooks: [
    notebook(
      "objects and arrays",
      ["const { a, b: [c, ...d] } = { a: 1, b: [2, 3, 4] };", nothing],
      ["[a, c, d]", "[ 1, 2, [ 3, 4 ] ]"],
    ),
    notebook(
      "iterables",
      ["let [p, q] = new Set([1, 2]);", nothing],
      ["[p, q]", "[ 1, 2 ]"],
    ),
    notebook(
      "defaults that use a variable",
      ["const base = 3;", nothing],
      [
        "const { a = base, ...rest } = { c: 1 } as { a?: number; c: number };",
        nothing,
      ],
      ["[a, rest]", "[ 3, { c: 1 } ]"],
    ),
    notebook(
      "computed names",
      ["const key = 'k';", nothing],
      [
        "const { [key]: v, ['m' as const]: w } = { k: 5, m: 6 }; [v, w]",
        "[ 5, 6 ]",
      ],
    ),
    notebook(
      "assignments",
      ["let a = 1, b = 2; let o = { a: 0 };", nothing],
      [
        "[a, b] = [b, a]; ({ a: o.a, b = 9 } = { a: 5 } as { a: number; b?: number }); [a, b, o.a]",
        "[ 2, 9, 5 ]",
      ],
      ["({ a, b = 7 } = { a: 3 } as { a: number; b?: number })", "{ a: 3 }"],
      ["[a, b]", "[ 3, 7 ]"],
      ["[, a = 4] = [1] as number[]; a", "4"],
    ),
    notebook(
      "a destructured let, changed later",
      ["let { x, y } = { x: 1, y: 2 }; const sum = () => x + y;", nothing],
      ["x = 10;", "10"],
      [
        "sum()",
        "12",
        tslab(
          "3",
          "tslab keeps the variables of a pattern local to their cell; a later assignment sets the exported copy.",
        ),
      ],
    ),
    notebook(
      "in parameters and loops",
      [
        "const f = ({ a, b = 2 }: { a: number; b?: number }, [c]: number[]) => a + b + c; f({ a: 1 }, [3])",
        "6",
      ],
      [
        "let s = ''; for (const [k, v] of Object.entries({ x: 1, y: 2 })) s += k + v; s",
        "'x1y2'",
      ],
    ),
    notebook(
      "missing properties",
      [
        "const { nope } = { a: 1 };",
        wrong("2339 1:9", "2353 1:20"),
        tslab(
          wrong("2525 1:9", "2353 1:20"),
          "tslab is built on TypeScript 5.0, which reports 2525 here; later versions report 2339.",
        ),
      ],
      ["const { a } = null as any;", throws("TypeError")],
      ["const [z] = 1;", wrong("2488 1:7")],
    ),
    notebook(
      "spread",
      ["const o = { a: 1, b: 2 };", nothing],
      ["({ ...o, b: 3 })", "{ a: 1, b: 3 }"],
      ["Math.max(...[1, 2], ...new Set([5]))", "5"],
    ),
    notebook("nested, with a function as default", [
      "const { a: { b = () => 'd' } = {} } = {} as { a?: { b?: () => string } }; b()",
      "'d'",
    ]),
    notebook(
      "without an initializer",
      ["const { a };", wrong("1182 1:7", "7031 1:9")],
      [
        "const a;",
        wrong("1155 1:7", "7005 1:7"),
        tslab(
          wrong("1155 1:7"),
          "tslab is built on TypeScript 5.0, which did not also report the implicit any type.",
        ),
      ],
    ),
  ],
};
