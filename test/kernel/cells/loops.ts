/** Cells with loops and `var`s in loops, with and without await. */
import { notebook, nothing, type Topic, tslab, wrong } from "./notebook";
import { FOLLOWS, FUNCTION_NAME, NESTED_VAR, TWO_VARS } from "./reasons";

export const loops: Topic = {
  title: "Loops and var",
  notebooks: [
    notebook(
      "destructuring in loop heads",
      ["for (let [k, v] = [0, 5]; k < 1; k++) { var z = v }", nothing],
      ["z!", "5", tslab(wrong("2304 1:1"), NESTED_VAR)],
      ["for (var { a: q, ...r } of [{ a: 1, z: 2 }]);", nothing],
      [
        "[q!, r!]",
        "[ 1, { z: 2 } ]",
        tslab(wrong("2304 1:2", "2304 1:6"), NESTED_VAR),
      ],
    ),
    notebook(
      "var in single statements",
      ["do var t = 1; while (false)", nothing],
      ["if (true) var u = 3; else var w = 4;", nothing],
      [
        "[t!, u!, typeof w]",
        "[ 1, 3, 'undefined' ]",
        tslab(wrong("2304 1:2", "2304 1:6", "2304 1:17"), NESTED_VAR),
      ],
      ["label: var inLabel = 5;", wrong("1344 1:1")],
    ),
    notebook(
      "var declared twice",
      ["var x = 1; { var x = 2; } x", "2", tslab("1", TWO_VARS)],
      ["for (var x = 0; x < 7; x++);", nothing],
      ["x", "7", tslab(wrong("2304 1:1"), NESTED_VAR)],
      ["for (var x: number; (x ??= 1) < 0;); x", "7", tslab("1", FOLLOWS)],
    ),
    notebook(
      "var with several names and patterns",
      [
        "var a = 1, { b, c: [d] } = { b: 2, c: [3] }, e: number | undefined;",
        nothing,
      ],
      ["[a, b, d, e]", "[ 1, 2, 3, undefined ]"],
    ),
    notebook("a var and a let of an inner block", [
      "let n = 1; { let n = 2; { var h = n } } [n, h]",
      "[ 1, 2 ]",
    ]),
    notebook(
      "loops without blocks in a cell with await",
      ["let sum = 0; const add = (n: number) => { sum += n; };", nothing],
      [
        "await null; for (const n of [1, 2]) add(n)\nfor (const n of [3]) for (const m of [4]) add(n * m)\nsum",
        "15",
      ],
      [
        "await null; let left = 3; while (left) if (left === 1) break; else left--; left",
        "1",
      ],
      ["await null; do left++; while (left < 5); left", "5"],
      ["await null; for (const n of [8]) var last = n; last!", "8"],
      ["await null; for (;;) break; sum", "15"],
    ),
    notebook(
      "labels in a cell with await",
      [
        "const seen: number[] = []; outer: for await (const a of [1, 2]) { for (const b of [10, 20]) { seen.push(a * b); continue outer; } }",
        nothing,
      ],
      ["seen", "[ 10, 20 ]"],
    ),
    notebook(
      "loops in asynchronous functions",
      [
        "let last = 0; const run = async () => { for (const n of [1, 2, 3]) last = n; return last; };",
        nothing,
      ],
      ["await run()", "3"],
      [
        "const late = async () => { let set = () => 0; for (const n of [4]) set = () => n; return set(); }; await late()",
        "4",
      ],
    ),
    notebook(
      "a function given to a variable in a loop",
      ["let f = () => 0; const all: (() => number)[] = [];", nothing],
      [
        "for (const n of [1, 2]) { f = () => { return n }\n[f].forEach((each) => all.push(each)) }",
        nothing,
      ],
      ["all.map((each) => each())", "[ 1, 2 ]"],
      ["f.name", "'f'", tslab("''", FUNCTION_NAME)],
    ),
    notebook(
      "Map, entries and holes",
      [
        "for (const [k, v] of new Map([['a', 1]])) { var pair = k + v }",
        nothing,
      ],
      ["pair!", "'a1'", tslab(wrong("2304 1:1"), NESTED_VAR)],
      ["let s = ''; for (const k in [7, 8]) s += k; s", "'01'"],
    ),
  ],
};
